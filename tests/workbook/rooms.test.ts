import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../support/command.ts'

const MOST = 12

/** Rows of equals, which may be longer: rooms of the machine, what is measured, tests; what nobody walks through. */
const SHELVES = [
  '', 'lessons', 'lessons/figures', 'code', 'tests/lessons', 'scripts', 'scripts/workbook', 'scripts/bench', 'site/client', 'site/styles',
  'tests/book', 'tests/check', 'tests/commands', 'tests/site', 'tests/workbook', 'tests/workspace',
]

function tooFull(files: readonly string[]): string[] {
  const rooms = new Map<string, Set<string>>()
  for (const parts of files.map(file => file.split('/'))) {
    parts.forEach((name, depth) => {
      const room = parts.slice(0, depth).join('/')
      rooms.set(room, (rooms.get(room) ?? new Set()).add(name))
    })
  }
  return [...rooms].filter(([room, { size }]) => !SHELVES.includes(room) && size > MOST).map(([room, { size }]) => `${room}: ${size}`)
}

test.skipIf(!existsSync(join(ROOT, '.git')))('no room has more than a dozen entries', () => {
  const files = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).split('\n').filter(Boolean)
  expect(tooFull(files.filter(file => !/fixtures\/|^tests\/wrong\//.test(file)))).toEqual([])
})

test('a full room is seen', () => {
  expect(tooFull(Array.from({ length: 13 }, (_, index) => `a/room/${index}.ts`))).toEqual(['a/room: 13'])
})
