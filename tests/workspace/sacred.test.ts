import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, renameSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { isolated } from '../../scripts/workbook/machine/isolate.ts'
import { command, run } from '../support/command.ts'
import { canForbid, unprivileged } from '../support/unprivileged.ts'
import { contentsOf, lost, readerOf, write } from './reader.ts'

// Here each command tries to lose a file of the reader's. None may.

const FILES = {
  'workspace/README.md': 'my own page\n',
  'workspace/server.ts': 'console.log("mine")\n',
  'workspace/client.ts': 'console.log("my client")\n',
  'workspace/lib/words.ts': 'export const words = 3\n',
  'workspace/notes.md': 'what I have learnt\n',
  'workspace/.hidden': 'mine too\n',
  'workspace/progress.json': '{"remark": "mine", "done": {"start": "2026-11-20", "a-lesson-of-old": "2024"}}',
  'elsewhere/server.ts': 'console.log("mine, elsewhere")\n',
  'elsewhere/progress.json': '{"done": {"start": "2026-11-20"}}',
}

/** Every command that knows workspace/, with what might make it write. `@` is the project's root. */
const COMMANDS = [
  // Where there is a lesson 5, it gives what the reader has written.
  'begin', 'compare 5 --now --restore lib/words.ts', 'next 5', 'begin', 'help', 'hint', 'next', 'next 2', 'next 99', 'compare', 'compare 3 --now',
  'progress', 'progress --json', 'progress --import @/elsewhere/progress.json', 'progress --import @/workspace/server.ts',
  'progress --export @/workspace/notes.md', 'progress --export @/workspace/server.ts', 'progress --export @/workspace/lib',
  'progress --export @/workspace/progress.json', 'progress --export @/workspace/nowhere/new.json',
  'catch-up', 'catch-up 1', 'catch-up 2', 'catch-up 4', 'catch-up 4', 'catch-up 3', 'catch-up 99', 'begin',
]

interface Ended {
  command: string
  printed: string
  failed?: string
}

/** Runs all commands on a reader's files; every one may refuse, in one line, and none may lose anything. */
async function tryAll(root: string, { workspace = 'workspace', changing = '' } = {}): Promise<Ended[]> {
  const before = contentsOf(root)
  before.delete(changing)
  const commands = COMMANDS.map(line => line.split(' ').map(word => word.replace('@', root)))
  const { stdout, stderr } = await run(unprivileged([
    process.execPath, join(import.meta.dirname, 'fixtures/many.mjs'), root, JSON.stringify(commands),
  ]))
  expect(stderr).toBe('')
  expect(lost(before, root, workspace)).toEqual([])
  const ended = stdout.trim().split('\n').map(line => JSON.parse(line) as Ended)
  expect(ended).toHaveLength(COMMANDS.length)
  for (const { command, failed } of ended) expect(failed ?? '', command).not.toMatch(/\n/)
  return ended
}

/** What became of the first command that begins so. */
function of(ended: readonly Ended[], words: string): string {
  const found = ended.find(({ command }) => command.startsWith(words))
  return found?.failed ?? found?.printed ?? 'it was not run'
}

test('ordinary files', async () => {
  const root = readerOf(FILES)
  const ended = await tryAll(root)
  expect(of(ended, 'catch-up 2')).toMatch(/What was there is kept in workspace\/kept-\d{4}-\d\d-\d\d-\d{4}\/: server\.ts\n/)
  expect(of(ended, 'progress --export')).toMatch(/notes\.md is there already\. Nothing was changed\./)
  expect(readdirSync(join(root, 'workspace')).filter(name => name.startsWith('.'))).toEqual(['.hidden'])
})

const GIVES = {
  'lessons/05-given.md': '---\nid: given\ntitle: Given\ngives: [server.ts, lib/words.ts]\n---\n',
  'code/04-unwritten/server.ts': '4\n', 'code/05-given/server.ts': '5\n', 'code/05-given/lib/words.ts': '5\n',
}

test('a lesson that gives files of the same names', async () => {
  const ended = await tryAll(readerOf({ ...FILES, ...GIVES }))
  expect(of(ended, 'next 5')).toMatch(/^Given with lesson 5, in workspace\/ now: server\.ts\nYours is kept in workspace\/kept-[\d-]+\/: server\.ts\n/)
  expect(of(ended, 'compare 5')).toMatch(/\nYours is kept: workspace\/kept-[\d-]+\/lib\/words\.ts$/)
})

test('a lesson that gives files where the reader has links', async () => {
  const { 'workspace/server.ts': _, ...others } = FILES
  const root = readerOf({ ...others, ...GIVES })
  symlinkSync('../elsewhere/server.ts', join(root, 'workspace/server.ts'))
  expect(of(await tryAll(root), 'next 5')).toContain('Given with lesson 5')
})

test('a path with blanks and letters of other languages', async () => {
  const root = readerOf(FILES, 'Mein Ordner/日本語 «é»')
  expect(of(await tryAll(root), 'catch-up 4')).toMatch(/kept in workspace\/kept-/)
})

test('links instead of files', async () => {
  const { 'workspace/server.ts': _, 'workspace/client.ts': __, 'workspace/progress.json': ___, ...others } = FILES
  const root = readerOf(others)
  symlinkSync('../elsewhere/server.ts', join(root, 'workspace/server.ts'))
  symlinkSync('/nowhere/client.ts', join(root, 'workspace/client.ts'))
  symlinkSync('../elsewhere/mine.json', join(root, 'workspace/progress.json'))
  write(root, { 'elsewhere/mine.json': '{"done": {}}' })
  const ended = await tryAll(root, { changing: 'elsewhere/mine.json' })
  expect(of(ended, 'catch-up 4')).toMatch(/kept in workspace\/kept-[\d-]+\/: client\.ts,\s+server\.ts/)
  // The one file that commands write to goes on being where the reader has put it.
  expect(contentsOf(root).get('elsewhere/mine.json')).toContain('"current": "polite"')
})

test('a workspace that is a link to a folder elsewhere', async () => {
  const root = readerOf(FILES)
  renameSync(join(root, 'workspace'), join(root, 'my code'))
  symlinkSync('my code', join(root, 'workspace'))
  expect(of(await tryAll(root, { workspace: 'my code' }), 'catch-up 4')).toMatch(/kept in workspace\/kept-/)
})

test('folders where files should be', async () => {
  const root = readerOf({
    'workspace/server.ts/mine.txt': 'mine', 'workspace/client.ts/mine.txt': 'mine', 'workspace/README.md/mine.txt': 'mine',
    'workspace/progress.json/mine.txt': 'mine', 'elsewhere/progress.json': '{}',
  })
  const ended = await tryAll(root)
  expect(of(ended, 'catch-up 2')).toMatch(/progress\.json is a folder where a file should be/)
})

test('a folder where a program should be', async () => {
  const root = readerOf({ ...FILES, 'elsewhere/progress.json': '{}', 'workspace/client.ts': 'mine' })
  renameSync(join(root, 'workspace/server.ts'), join(root, 'workspace/old.ts'))
  mkdirSync(join(root, 'workspace/server.ts'))
  expect(of(await tryAll(root), 'catch-up 4')).toMatch(/server\.ts is in the way: it is a folder\. Nothing was changed\./)
})

test('a file where workspace/ should be', async () => {
  const root = readerOf({ workspace: 'mine', 'elsewhere/progress.json': '{}' })
  const ended = await tryAll(root)
  expect(of(ended, 'begin')).toBe('workspace is no folder. Nothing was changed. Move it away, then: npm run begin')
})

test('no workspace/ at all', async () => {
  const root = readerOf({ 'elsewhere/progress.json': '{"done": {"start": "2026"}}' })
  const ended = await tryAll(root)
  expect(of(ended, 'begin')).toMatch(/^workspace\/ is made, /)
})

test.skipIf(process.platform === 'win32')('a pipe where progress should be: nobody waits for it', async () => {
  const root = readerOf({ 'workspace/server.ts': 'mine', 'elsewhere/progress.json': '{}' })
  spawnSync('mkfifo', [join(root, 'workspace/progress.json')])
  expect(of(await tryAll(root), 'next 2')).toMatch(/progress\.json is a pipe or a device where a file should be\.$/)
})

test('a broken progress file', async () => {
  const root = readerOf({ ...FILES, 'workspace/progress.json': '{"done": {"start": ' })
  const ended = await tryAll(root)
  // It is told once, by the first command that needs it.
  expect(ended.filter(({ failed }) => failed?.includes('progress-broken')).map(({ command }) => command)).toEqual(['begin'])
})

test('files that the reader may not read', async () => {
  const root = readerOf(FILES)
  for (const name of ['server.ts', 'progress.json']) chmodSync(join(root, 'workspace', name), 0o000)
  if (!canForbid()) return
  const ended = await tryAll(root)
  expect(of(ended, 'catch-up 2')).toMatch(/progress\.json cannot be read: permission is missing\.$/)
})

test('a folder that may not be written', async () => {
  const root = readerOf(FILES)
  chmodSync(join(root, 'workspace'), 0o555)
  onTestFinished(() => chmodSync(join(root, 'workspace'), 0o755))
  if (!canForbid()) return
  const ended = await tryAll(root)
  expect(of(ended, 'catch-up 4')).toMatch(/workspace\/?.* cannot be reached or written: permission is missing\. Nothing was changed\./)
  expect(of(ended, 'next 2')).toMatch(/progress\.json cannot be reached or written/)
  expect(contentsOf(join(root, 'workspace')).get('server.ts')).toBe('file console.log("mine")\n')
})

test('a project that may not be written, and has no workspace/', async () => {
  const root = readerOf({ 'elsewhere/progress.json': '{}' })
  chmodSync(root, 0o555)
  onTestFinished(() => chmodSync(root, 0o755))
  if (!canForbid()) return
  expect(of(await tryAll(root), 'begin')).toMatch(/workspace cannot be reached or written: permission is missing/)
})

test('the same command twice in the same moment', async () => {
  const root = readerOf(FILES)
  const before = contentsOf(root)
  const words = [['catch-up', '4'], ['catch-up', '4'], ['next', '2'], ['begin'], ['progress', '--import', join(root, 'elsewhere/progress.json')]]
  const ended = await Promise.all([...words, ...words].map(words => run(command(words, root))))
  expect(lost(before, root)).toEqual([])
  for (const { stderr } of ended) expect(stderr).toMatch(/^(.* Nothing (was changed|is lost).*\n)?$/)
  expect(contentsOf(root).get('workspace/server.ts')).toBe(contentsOf(root).get('code/03-polite/server.ts'))
})

test.each([
  'mine', 'check', 'check 99', 'check 1 --json --of @/elsewhere', 'check 1 --exercise nothing',
])('%s, whatever becomes of the program', async line => {
  const root = readerOf(FILES)
  const before = contentsOf(root)
  const words = line.split(' ').map(word => word.replace('@', root))
  const { code } = await run(isolated(command(words, root)))
  expect(code).not.toBeNull()
  expect(lost(before, root)).toEqual([])
})
