import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { exclusively } from '../../scripts/workbook/workspace/exclusive.ts'
import { readProgress, updateProgress } from '../../scripts/workbook/progress/progress.ts'
import { command, run, start } from '../commands/process.ts'
import { readerOf } from './reader.ts'

const FIXTURES = join(import.meta.dirname, 'fixtures')
const LOCK = 'workspace/.progress.json.lock'
const done = (id: string) => JSON.stringify({ done: { [id]: '2026-11-20' } })
const mark = (root: string, id: string) => updateProgress(root, ({ done, ...others }) => ({ ...others, done: { ...done, [id]: 'now' } }))
const files = (root: string) => readdirSync(join(root, 'workspace'))

afterEach(() => { vi.restoreAllMocks() })

test('many processes write progress at once, and nothing is lost', async () => {
  const ids = Array.from({ length: 4 }, (_, process) => Array.from({ length: 30 }, (_, count) => `lesson-${process}-${count}`))
  const root = readerOf(Object.fromEntries(ids.flat().map(id => [`${id}.json`, done(id)])))
  const ended = await Promise.all(ids.map(own => {
    const commands = own.map(id => ['progress', '--import', join(root, `${id}.json`)])
    return run([process.execPath, join(FIXTURES, 'many.mjs'), root, JSON.stringify(commands)])
  }))
  for (const { stdout, stderr } of ended) {
    expect(stderr).toBe('')
    for (const line of stdout.trim().split('\n')) expect(JSON.parse(line)).toMatchObject({ printed: '1 lesson more done now. See: npm run progress' })
  }
  expect(Object.keys(readProgress(root).done).sort()).toEqual(ids.flat().sort())
  expect(files(root)).toEqual(['progress.json'])
})

test('several find the lock of a process that was killed, and nothing is lost', async () => {
  const ids = ['start', 'echo', 'polite', 'unwritten']
  const root = readerOf(Object.fromEntries([...ids, 'killed'].map(id => [`${id}.json`, done(id)])))
  const importing = (id: string) => ['progress', '--import', join(root, `${id}.json`)]
  const killed = await run([process.execPath, join(FIXTURES, 'kill.mjs'), 'SIGKILL', 'renameSync', '1', root, ...importing('killed')])
  expect(killed.signal).toBe('SIGKILL')
  expect(files(root)).toContain('.progress.json.lock')
  const ended = await Promise.all(ids.map(id => run(command(importing(id), root))))
  for (const { stderr } of ended) expect(stderr).toBe('')
  expect(Object.keys(readProgress(root).done).sort()).toEqual(ids.sort())
  expect(files(root).filter(name => name.includes('.lock'))).toEqual([])
})

test('one who is killed while they remove such a lock holds nobody up either', async () => {
  const root = readerOf({ [LOCK]: `${await gone()} ${process.platform} ${hostname()}`, 'one.json': done('one') })
  const words = ['progress', '--import', join(root, 'one.json')]
  const { signal } = await run([process.execPath, join(FIXTURES, 'kill.mjs'), 'SIGKILL', 'unlinkSync', '1', root, ...words])
  expect(signal).toBe('SIGKILL')
  expect(files(root)).toHaveLength(2)
  expect(await run(command(words, root))).toMatchObject({ code: 0, stderr: '' })
  expect(files(root)).toEqual(['progress.json'])
})

test.each([
  ['another machine', '1 plan9 elsewhere'], ['nobody', ''],
])('a lock of %s is waited for, and not for ever', (_, content) => {
  const root = readerOf({ [LOCK]: content })
  const clock = running(10)
  mark(root, 'echo')
  expect(clock.mock.calls.length).toBeGreaterThan(500)
  expect(readProgress(root).done).toEqual({ echo: 'now' })
  expect(files(root)).toEqual(['progress.json'])
})

test('where others always come first, one line says so', () => {
  const root = readerOf({ [LOCK]: '' })
  running(1000)
  // Each time that it looks there is another lock.
  const file = join(root, LOCK)
  vi.spyOn(Atomics, 'wait').mockImplementation(() => {
    writeFileSync(file, String(Math.random()))
    return 'timed-out'
  })
  expect(() => mark(root, 'echo')).toThrow(/progress\.json all the time$/)
  expect(files(root)).toEqual(['.progress.json.lock'])
})

test('one who has lost the lock leaves it to the next', () => {
  const root = readerOf()
  mkdirSync(join(root, 'workspace'))
  exclusively(join(root, 'workspace/progress.json'), () => writeFileSync(join(root, LOCK), 'another\'s'))
  expect(readFileSync(join(root, LOCK), 'utf8')).toBe('another\'s')
})

test('whoever keeps the file elsewhere has the lock there', () => {
  const root = readerOf({ 'elsewhere/mine.json': '{}', 'workspace/server.ts': '' })
  symlinkSync('../elsewhere/mine.json', join(root, 'workspace/progress.json'))
  exclusively(join(root, 'workspace/progress.json'), () => {
    expect(readdirSync(join(root, 'elsewhere'))).toEqual(['.mine.json.lock', 'mine.json'])
  })
  expect(readdirSync(join(root, 'elsewhere'))).toEqual(['mine.json'])
})

/** A clock that goes on so many milliseconds whenever it is looked at, and nobody really waits. */
function running(step: number) {
  let now = 0
  vi.spyOn(Atomics, 'wait').mockReturnValue('timed-out')
  return vi.spyOn(performance, 'now').mockImplementation(() => now += step)
}

/** The number of a process that has ended. */
async function gone(): Promise<number> {
  const { child, ended } = start([process.execPath, '-e', ''])
  await ended
  return child.pid ?? 0
}
