import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { main as begin } from '../../scripts/begin.ts'
import { main as catchUp } from '../../scripts/catch-up.ts'
import { main as next } from '../../scripts/next.ts'
import { main as progress } from '../../scripts/progress.ts'
import { command, run } from '../support/command.ts'
import { CHANGES, failFs, restoreFs } from './patched-fs.ts'
import { contentsOf, lost, readerOf } from './reader.ts'

const FIXTURE = join(import.meta.dirname, 'fixtures/kill.mjs')
const FILES = {
  'workspace/README.md': 'my own page\n',
  'workspace/server.ts': 'console.log("mine")\n',
  'workspace/client.ts': 'console.log("my client")\n',
  'workspace/notes.md': 'what I have learnt\n',
  'workspace/progress.json': '{"done": {"start": "2026-11-20", "a-lesson-of-old": "2024"}}',
  'exported.json': '{"done": {"echo": "2026-11-19"}}',
}
const { 'workspace/README.md': _, ...WITHOUT_PAGE } = FILES

// A process that is killed changes nothing from then on. That is done to each command here, at each of
// its changes to the disk: all of them fail from the nth on, those that would tidy up as well.
test.each([
  ['catch-up 4', catchUp, ['4'], FILES, 20],
  ['next 3', next, ['3'], FILES, 4],
  ['begin', begin, [], WITHOUT_PAGE, 5],
  ['progress --export', progress, ['--export', '@workspace/new.json'], FILES, 5],
  ['progress --import', progress, ['--import', '@exported.json'], FILES, 4],
  ['progress, broken', progress, [], { ...FILES, 'workspace/progress.json': 'broken' }, 2],
] as const)('%s loses nothing wherever it is killed, and can be run again', async (_, main, words, files, least) => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
  for (let nth = 1; ; nth++) {
    const root = readerOf(files)
    const argv = words.map(word => word.startsWith('@') ? join(root, word.slice(1)) : word)
    const before = contentsOf(root)
    const killed = failFs(CHANGES, nth, { code: 'KILLED', times: Infinity })
    await main(argv, { root }).catch(() => {})
    restoreFs()
    expectNothingLost(root, before, `killed at change ${nth}`)
    if (!killed.reached) return expect(nth - 1).toBeGreaterThanOrEqual(least)
    await main(argv, { root }).catch((error: Error) => expect(String(error)).toMatch(/is there already|broken/))
    expectNothingLost(root, before, `killed at change ${nth}, and run again`)
  }
})

test.each([
  ['before the first file of the reader moves', 'renameSync', 1],
  ['when it has moved, and the book\'s is not there yet', 'linkSync', 1],
  ['between the two files', 'renameSync', 2],
  ['when both have moved', 'linkSync', 2],
  ['before it tidies up', 'unlinkSync', 1],
  ['before the progress is written', 'renameSync', 3],
])('catch-up, really killed %s', async (_, name, nth) => {
  const root = readerOf(FILES)
  const before = contentsOf(root)
  const { signal } = await run([process.execPath, FIXTURE, 'SIGKILL', name, String(nth), root, 'catch-up', '4'])
  expect(signal).toBe('SIGKILL')
  expectNothingLost(root, before, 'killed')
  expect(await run(command(['catch-up', '4'], root))).toMatchObject({ code: 0, stderr: '' })
  expectNothingLost(root, before, 'killed, and run again')
  expect(readFileSync(join(root, 'workspace/server.ts'), 'utf8')).toBe(readFileSync(join(root, 'code/03-polite/server.ts'), 'utf8'))
})

test('Ctrl-C between two files lets catch-up come to its end', async () => {
  const root = readerOf(FILES)
  const before = contentsOf(root)
  const ended = await run([process.execPath, FIXTURE, 'SIGINT', 'renameSync', '2', root, 'catch-up', '4'])
  expect(ended).toMatchObject({ code: 0, signal: null, stderr: '' })
  expect(ended.stdout).toMatch(/is kept in workspace\/kept-[\d-]+\/: client\.ts,\s+server\.ts\n/)
  expectNothingLost(root, before, 'interrupted')
})

function expectNothingLost(root: string, before: Map<string, string>, when: string): void {
  expect(lost(before, root), when).toEqual([])
  const now = contentsOf(root)
  // What stands under a reader's name is theirs or the book's, whole.
  for (const name of ['server.ts', 'client.ts']) {
    const books = `file ${readFileSync(join(root, 'code/03-polite', name), 'utf8')}`
    expect([undefined, before.get(`workspace/${name}`), books], when).toContain(now.get(`workspace/${name}`))
  }
  const progress = now.get('workspace/progress.json')
  if (progress !== undefined && progress !== 'file broken') {
    expect(() => JSON.parse(progress.slice('file '.length)), when).not.toThrow()
  }
}
