import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../support/command.ts'

const MOST = 12
/** A program lies flat: a reader who has typed a file never has to move it. */
const MOST_OF_A_PROGRAM = 30
const PROGRAM_RE = /^code\/\d\d-[\w-]+$/

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
  return [...rooms].filter(([room, { size }]) =>
    !SHELVES.includes(room) && size > (PROGRAM_RE.test(room) ? MOST_OF_A_PROGRAM : MOST)).map(([room, { size }]) => `${room}: ${size}`)
}

test.skipIf(!existsSync(join(ROOT, '.git')))('no room has more than a dozen entries', () => {
  const files = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).split('\n').filter(Boolean)
  expect(tooFull(files.filter(file => !/fixtures\/|^tests\/wrong\//.test(file)))).toEqual([])
})

test('a full room is seen', () => {
  const filled = (room: string, count: number) => tooFull(Array.from({ length: count }, (_, index) => `${room}/${index}.ts`))
  expect(filled('a/room', 13)).toEqual(['a/room: 13'])
  expect(filled('code/01-a-lesson', 30)).toEqual([])
  expect(filled('code/01-a-lesson', 31)).toEqual(['code/01-a-lesson: 31'])
})
