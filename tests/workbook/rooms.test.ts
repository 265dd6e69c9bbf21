import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../support/command.ts'

const MOST = 12

/** Rows of equals, which may be longer; and what nobody walks through. */
const SHELVES = ['', 'lessons', 'lessons/figures', 'code', 'tests/lessons', 'scripts', 'site/client', 'site/styles']

/** Rooms that are too full still: none may be added, and none may grow. */
const FULL: Record<string, number> = {
  'scripts/bench': 13, 'scripts/bench/support': 16, 'scripts/workbook': 13, 'scripts/workbook/check/program': 13, 'scripts/workbook/start': 13,
  site: 15, 'site/markdown': 15, 'tests/book': 13, 'tests/check': 19, 'tests/support': 14, 'tests/commands': 13, 'tests/site': 14, 'tests/workbook': 13, 'tests/workspace': 15,
}

function tooFull(files: readonly string[]): string[] {
  const rooms = new Map<string, Set<string>>()
  for (const parts of files.map(file => file.split('/'))) {
    parts.forEach((name, depth) => {
      const room = parts.slice(0, depth).join('/')
      rooms.set(room, (rooms.get(room) ?? new Set()).add(name))
    })
  }
  return [...rooms].filter(([room, { size }]) => !SHELVES.includes(room) && size > (FULL[room] ?? MOST)).map(([room, { size }]) => `${room}: ${size}`)
}

test.skipIf(!existsSync(join(ROOT, '.git')))('no room has more than a dozen entries', () => {
  const files = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).split('\n').filter(Boolean)
  expect(tooFull(files.filter(file => !/fixtures\/|^tests\/wrong\//.test(file)))).toEqual([])
})

test('a full room is seen', () => {
  expect(tooFull(Array.from({ length: 13 }, (_, index) => `a/room/${index}.ts`))).toEqual(['a/room: 13'])
})
