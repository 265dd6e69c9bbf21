import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { command, run } from '../support/command.ts'
import { contentsOf, lost, readerOf, write } from './reader.ts'

// Lessons 5 and 7 of this book give options.ts, the second another one; lesson 6 has it as it was.

const OLD = 'export const PORT = 12345\n'
const NEW = 'export const PORT = 12345\nexport const HOST = \'127.0.0.1\'\n'
const MINE = 'export const PORT = 4321\n'

function reader(current: string, files: Record<string, string> = {}): string {
  const text = (id: string, gives: string) => `---\nid: ${id}\ntitle: A ${id}\n${gives}---\n`
  return readerOf({
    'lessons/05-table.md': text('table', 'gives: [options.ts]\n'), 'code/05-table/options.ts': OLD, 'code/05-table/server.ts': '5\n',
    'lessons/06-chair.md': text('chair', ''), 'code/06-chair/options.ts': OLD, 'code/06-chair/server.ts': '6\n',
    'lessons/07-lamp.md': text('lamp', 'gives:\n  - options.ts\n'), 'code/07-lamp/options.ts': NEW, 'code/07-lamp/server.ts': '7\n',
    'workspace/progress.json': JSON.stringify({ current, done: { [current]: '2026' } }),
    ...files,
  })
}

const workbook = async (root: string, line: string): Promise<string> => {
  const { stdout, stderr } = await run(command(line.split(' '), root))
  return (stdout + stderr).replace(/kept-\d{4}-\d\d-\d\d-\d{4}/g, 'kept-<when>')
}
const options = (root: string) => readFileSync(join(root, 'workspace/options.ts'), 'utf8')
const keptIn = (root: string) => readdirSync(join(root, 'workspace')).filter(name => name.startsWith('kept-'))

test('next puts it there, and says so', async () => {
  const root = reader('unwritten')
  expect(await workbook(root, 'next')).toMatch(/^Given with lesson 5, in workspace\/ now: options\.ts\n\nYou are on lesson 5, A table\.\n/)
  expect(options(root)).toBe(OLD)
  expect(await workbook(root, 'next 5')).toMatch(/^You are on lesson 5/)
})

test('typed already: there is nothing to do', async () => {
  const root = reader('unwritten', { 'workspace/options.ts': OLD })
  expect(await workbook(root, 'next')).toMatch(/^You are on lesson 5/)
  expect(keptIn(root)).toEqual([])
})

test('what the reader has under that name is kept, and said to be', async () => {
  const root = reader('unwritten', { 'workspace/options.ts': MINE })
  const before = contentsOf(root)
  expect(await workbook(root, 'next')).toMatch(
    /^Given with lesson 5, in workspace\/ now: options\.ts\nYours is kept in workspace\/kept-<when>\/: options\.ts\n\nYou are on lesson 5/)
  expect(options(root)).toBe(OLD)
  expect(lost(before, root)).toEqual([])
})

test('given again: what is as an earlier lesson gave it makes room, what was changed is kept', async () => {
  const untouched = reader('chair', { 'workspace/options.ts': OLD })
  expect(await workbook(untouched, 'next')).toMatch(/^Given with lesson 7, in workspace\/ now: options\.ts\n\n/)
  expect([options(untouched), keptIn(untouched)]).toEqual([NEW, []])
  const changed = reader('chair', { 'workspace/options.ts': `${OLD}// mine\n` })
  const before = contentsOf(changed)
  expect(await workbook(changed, 'next')).toMatch(/Yours is kept in workspace\/kept-<when>\/: options\.ts\n/)
  expect(lost(before, changed)).toEqual([])
})

test('begin, next to where the reader is, and the way back touch nothing that is there', async () => {
  const root = reader('lamp', { 'workspace/options.ts': MINE })
  for (const line of ['begin', 'next 7', 'next 5', 'begin']) {
    expect(await workbook(root, line)).not.toContain('Given')
    expect(options(root)).toBe(MINE)
  }
  const other = reader('lamp')
  expect(await workbook(other, 'begin')).toContain('\n\nGiven with lesson 7, in workspace/ now: options.ts\n\nYou are on lesson 7')
  expect(options(other)).toBe(NEW)
})

test('catch-up brings it with the program before', async () => {
  const root = reader('start', { 'workspace/options.ts': MINE })
  const before = contentsOf(root)
  expect(await workbook(root, 'catch-up 7')).toMatch(new RegExp(
    '^The program as it stands before lesson 7, A lamp, is in workspace/ now:\\s+server\\.ts\n'
    + 'With it, given with that lesson: options\\.ts\nWhat was there is kept in workspace/kept-<when>/: options\\.ts\n'))
  expect([options(root), readFileSync(join(root, 'workspace/server.ts'), 'utf8')]).toEqual([NEW, '6\n'])
  expect(lost(before, root)).toEqual([])
})

test('where it cannot be put, the reader stays on their lesson and nothing is changed', async () => {
  const root = reader('unwritten', { 'workspace/server.ts': 'mine', 'workspace/README.md': 'mine' })
  mkdirSync(join(root, 'workspace/options.ts'))
  writeFileSync(join(root, 'workspace/options.ts/mine.txt'), 'mine')
  const before = contentsOf(root)
  expect(await workbook(root, 'next')).toMatch(/options\.ts is in the way: it is a folder\. Nothing was changed\./)
  expect(contentsOf(root)).toEqual(before)
})

test('a workspace that is not there is made for it', async () => {
  const root = readerOf({ 'lessons/01-start.md': '---\nid: start\ntitle: Start\ngives: [server.ts]\n---\n' })
  expect(await workbook(root, 'next 1')).toMatch(/^You are on lesson 1|^Given with lesson 1/)
  expect(existsSync(join(root, 'workspace/server.ts'))).toBe(true)
  write(root, { 'workspace/server.ts': 'mine' })
  await workbook(root, 'begin')
  expect(readFileSync(join(root, 'workspace/server.ts'), 'utf8')).toBe('mine')
})

test('a lesson that begins anew: catch-up brings what it gives, and not the program before', async () => {
  const root = reader('unwritten', {
    'lessons/07-lamp.md': '---\nid: lamp\ntitle: A lamp\nfrom: nothing\ngives: [options.ts]\n---\n',
  })
  expect(await workbook(root, 'catch-up 7')).toMatch(
    /^Lesson 7, A lamp, begins a new program\. Its page says where your old files go\.\nWith it, given with that lesson: options\.ts\n/)
  expect(readdirSync(join(root, 'workspace')).filter(name => name.endsWith('.ts'))).toEqual(['options.ts'])
  expect(options(root)).toBe(NEW)
})
