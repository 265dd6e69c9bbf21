import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { listLessons } from '../../scripts/workbook/book/list.ts'
import {
  currentLesson, mergeProgress, peekProgress, printProgress, readProgress, updateProgress, writeProgress, type Progress,
} from '../../scripts/workbook/progress/progress.ts'
import { run } from '../support/command.ts'
import { patchFs, restoreFs } from './patched-fs.ts'
import { readerOf, write } from './reader.ts'

const FILE = 'workspace/progress.json'
const some: Progress = { version: 1, current: 'echo', done: { start: '2026-11-20T08:00:00.000Z' } }
const mark = (id: string) => ({ done, ...others }: Progress): Progress => ({ ...others, done: { ...done, [id]: 'now' } })
const read = (root: string) => readFileSync(join(root, FILE), 'utf8')

test('a reader without a file has not begun', () => {
  expect(readProgress(readerOf())).toEqual({ version: 1, done: {} })
})

test('it is a readable file with ids', () => {
  const root = readerOf()
  writeProgress(root, some)
  expect(read(root)).toBe(`{
  "version": 1,
  "current": "echo",
  "done": {
    "start": "2026-11-20T08:00:00.000Z"
  }
}
`)
  expect(readProgress(root)).toEqual(some)
  expect(readdirSync(join(root, 'workspace'))).toEqual(['progress.json'])
})

test('what a hand has added is kept: other lessons, remarks, a date without a time', () => {
  const root = readerOf({ [FILE]: '{"remark": "on the train", "done": {"a-lesson-of-old": "2024", "start": "yesterday"}}' })
  updateProgress(root, progress => ({ ...progress, done: { ...progress.done, echo: 'today' } }))
  expect(JSON.parse(read(root))).toEqual({
    version: 1, remark: 'on the train', done: { 'a-lesson-of-old': '2024', start: 'yesterday', echo: 'today' },
  })
})

test('a comma after the last entry is forgiven, and an editor\'s mark before the first', () => {
  const root = readerOf({ [FILE]: '\uFEFF{"done": {"start": "2024, }",\n},\n}' })
  expect(readProgress(root).done).toEqual({ start: '2024, }' })
})

test.each([
  ['half a file', '{"done": {"start": "2024"', 'workspace/progress.json:1: this is not JSON: Expected \',\' or \'}\' after property value.'],
  ['a forgotten comma', '{\n "done": {\n  "start": "2024"\n  "echo": "2024"\n }}', 'workspace/progress.json:4: this is not JSON: Expected'],
  ['no JSON at all', 'done: start', 'workspace/progress.json: this is not JSON.'],
  ['nothing', '', 'workspace/progress.json: this is not JSON.'],
  ['a list', '["start"]', 'workspace/progress.json: this is not progress: it should be an object in braces.'],
  ['a list of ids', '{\n"done": ["start"]}', 'workspace/progress.json:2: "done" should be an object of lesson ids and dates.'],
  ['a number for a date', '{"done": {\n"start": 2024}}', 'workspace/progress.json:2: "start" should have a date in quotation marks.'],
  ['a number for a lesson', '{"current": 3}', 'workspace/progress.json:1: "current" should be the id of a lesson.'],
  ['a later version', '{"version": 2}', 'workspace/progress.json:1: "version" is 2, and this workbook knows version 1.'],
])('%s gets one line and is kept aside', (_, text, line) => {
  const root = readerOf({ [FILE]: text })
  const told = message(() => readProgress(root))
  const [kept = '', ...others] = readdirSync(join(root, 'workspace'))
  expect(others).toEqual([])
  expect(kept).toMatch(/^progress-broken-\d{4}-\d\d-\d\d-\d{4}\.json$/)
  expect(told).toContain(line)
  expect(told).toContain(`Nothing is lost, it is workspace/${kept} now. Mend that, then: npm run progress -- --import workspace/${kept}`)
  expect(told).not.toContain('\n')
  expect(readFileSync(join(root, 'workspace', kept), 'utf8')).toBe(text)
  expect(readProgress(root)).toEqual({ version: 1, done: {} })
})

test('whoever only looks moves nothing', () => {
  const root = readerOf({ [FILE]: '[]' })
  expect(() => peekProgress(root)).toThrow('this is not progress')
  expect(read(root)).toBe('[]')
})

test('two broken files within a minute are both kept', () => {
  const root = readerOf({ [FILE]: 'one' })
  expect(() => readProgress(root)).toThrow()
  write(root, { [FILE]: 'two' })
  expect(() => readProgress(root)).toThrow()
  const kept = readdirSync(join(root, 'workspace')).map(name => readFileSync(join(root, 'workspace', name), 'utf8'))
  expect(kept.sort()).toEqual(['one', 'two'])
})

test('what another process writes meanwhile is not undone', () => {
  const root = readerOf()
  writeProgress(root, some)
  let first = true
  updateProgress(root, progress => {
    if (first) writeProgress(root, { ...some, done: { ...some.done, polite: 'by another' } })
    first = false
    return { ...progress, done: { ...progress.done, echo: 'by us' } }
  })
  expect(Object.keys(readProgress(root).done)).toEqual(['start', 'polite', 'echo'])
})

test('nor is what another writes while ours is on its way to the disk', () => {
  const root = readerOf()
  writeProgress(root, some)
  let first = true
  patchFs('fsyncSync', original => (...args) => {
    original(...args)
    if (!first) return
    first = false
    write(root, { [FILE]: '{"done": {"polite": "by another"}}' })
  })
  updateProgress(root, mark('echo'))
  expect(JSON.parse(read(root)).done).toEqual({ polite: 'by another', echo: 'now' })
  expect(readdirSync(join(root, 'workspace'))).toEqual(['progress.json'])
})

test('where others write all the time, the last one wins', () => {
  const root = readerOf()
  let count = 0
  updateProgress(root, progress => {
    writeProgress(root, { ...some, current: `lesson-${++count}` })
    return mark('echo')(progress)
  })
  expect(count).toBeGreaterThan(10)
  expect(readProgress(root)).toMatchObject({ current: `lesson-${count - 1}`, done: { echo: 'now' } })
})

test('many processes write at once: whoever reads meets a whole file, and nothing else stays', async () => {
  const ids = Array.from({ length: 3 }, (_, process) => Array.from({ length: 20 }, (_, count) => `lesson-${process}-${count}`))
  const files = Object.fromEntries(ids.flat().map(id => [`${id}.json`, JSON.stringify({ done: { [id]: '2026-11-20' } })]))
  const root = readerOf({ ...files, [FILE]: printProgress(some) })
  let running = true
  const commands = ids.map(own => {
    const words = own.map(id => ['progress', '--import', join(root, `${id}.json`)])
    return run([process.execPath, join(import.meta.dirname, 'fixtures/many.mjs'), root, JSON.stringify(words)])
  })
  const all = Promise.all(commands).finally(() => { running = false })
  while (running) {
    expect(peekProgress(root).done).toHaveProperty('start')
    await setImmediate()
  }
  for (const { stdout, stderr } of await all) {
    expect(stderr).toBe('')
    for (const line of stdout.trim().split('\n')) expect(JSON.parse(line)).not.toHaveProperty('failed')
  }
  expect(readProgress(root)).toMatchObject({ current: 'echo', done: some.done })
  expect(readdirSync(join(root, 'workspace'))).toEqual(['progress.json'])
})

test('the disk is full half-way: what was there is there, whole and alone', () => {
  const root = readerOf()
  writeProgress(root, some)
  patchFs('writeFileSync', original => (file, text) => {
    original(file, String(text).slice(0, 20))
    throw Object.assign(new Error('injected'), { code: 'ENOSPC' })
  })
  expect(message(() => writeProgress(root, { ...some, current: 'polite' }))).toMatch(/progress\.json cannot be written: the disk is full\. Nothing was changed\. Make room/)
  restoreFs()
  expect(readProgress(root)).toEqual(some)
  expect(readdirSync(join(root, 'workspace'))).toEqual(['progress.json'])
})

test('a link to a file elsewhere stays one', () => {
  const root = readerOf({ 'elsewhere/progress.json': '{"done": {}}' })
  mkdirSync(join(root, 'workspace'))
  symlinkSync('../elsewhere/progress.json', join(root, FILE))
  writeProgress(root, some)
  expect(JSON.parse(readFileSync(join(root, 'elsewhere/progress.json'), 'utf8'))).toEqual(some)
})

test('a link to nowhere is told, and left', () => {
  const root = readerOf({ 'workspace/server.ts': '' })
  symlinkSync('/nowhere/progress.json', join(root, FILE))
  expect(message(() => readProgress(root))).toMatch(/progress\.json is not there\.$/)
  expect(message(() => writeProgress(root, some))).toMatch(/what a link points to, is not there\. Nothing was changed/)
})

test('a folder of that name is told, and left', () => {
  const root = readerOf({ [`${FILE}/mine.txt`]: 'mine' })
  expect(message(() => readProgress(root))).toMatch(/progress\.json is a folder where a file should be\.$/)
  expect(message(() => writeProgress(root, some))).toMatch(/Nothing was changed\. Move it away/)
  expect(readdirSync(join(root, 'workspace'))).toEqual(['progress.json'])
})

test('the rights of the file stay', () => {
  const root = readerOf({ [FILE]: '{}' })
  chmodSync(join(root, FILE), 0o600)
  writeProgress(root, some)
  expect(statSync(join(root, FILE)).mode & 0o777).toBe(0o600)
})

test('the lesson that the reader is on', () => {
  const lessons = listLessons(readerOf())
  const at = (progress: Partial<Progress>) => currentLesson({ version: 1, done: {}, ...progress }, lessons)?.slug
  expect(at({})).toBe('start')
  expect(at({ done: { start: '' } })).toBe('echo')
  expect(at({ done: { start: '' }, current: 'start' })).toBe('start')
  expect(at({ done: { start: '' }, current: 'a-lesson-of-old' })).toBe('echo')
  expect(at({ done: { start: '', echo: '', polite: '', unwritten: '' } })).toBe('unwritten')
  expect(currentLesson({ version: 1, done: {} }, [])).toBeUndefined()
})

test('merging loses nothing that is done, and keeps the reader where they are', () => {
  const other: Progress = { version: 1, current: 'polite', done: { start: 'later', polite: 'there' }, failed: { lesson: 'x', behaviour: 'y', shown: 1 } }
  expect(mergeProgress(some, other)).toEqual({ ...some, done: { ...some.done, polite: 'there' } })
  expect(mergeProgress({ version: 1, done: {} }, some)).toEqual(some)
})

function message(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    return String(error)
  }
  throw new Error('nothing was thrown')
}
