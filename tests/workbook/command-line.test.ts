import { expect, test } from 'vitest'
import { commandLine, scriptOf } from '../../scripts/workbook/check/program/command-line.ts'

const BOOK = { root: '/book', folder: '/book/workspace' }
const line = (file: string, args: string[], more = {}) => commandLine({ ...BOOK, file, args, ...more })

test.each<[file: string, args: string[], typed: string]>([
  ['server.ts', [], 'node scripts/run.mjs mine'],
  ['server.ts', ['--port', '5'], 'node scripts/run.mjs mine --port 5'],
  ['server.ts', ['word'], 'node scripts/run.mjs mine server word'],
  ['client.ts', ['Good morning'], 'node scripts/run.mjs mine client \'Good morning\''],
  ['client.ts', ['', 'it\'s'], 'node scripts/run.mjs mine client \'\' \'it\'\\\'\'s\''],
])('%s with %j: what npm hands to the shell', (file, args, typed) => {
  expect(line(file, args).at(-1)).toBe(typed)
})

test('a lesson has a script of its own', () => {
  expect(scriptOf({ root: '/book', folder: '/book/code/06-echo' })).toEqual({ event: 'lesson:6', script: 'node scripts/run.mjs lesson 6' })
  expect(scriptOf({ root: '/book', folder: '/elsewhere' }).event).toBe('mine')
})

test('limits come before npm\'s shell', () => {
  expect(line('server.ts', [], { descriptors: 40 })[2]).toMatch(/; ulimit -n 40 && exec sh -c "\$0"$/)
  expect(line('server.ts', [], { unprivileged: true }).slice(0, 3)).toEqual(['unshare', '-Un', 'sh'])
})
