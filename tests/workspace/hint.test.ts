import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { CheckResult, Verdict } from '../../scripts/workbook/check/report/verdict.ts'
import { hintsFor } from '../../scripts/workbook/check/report/hints-for.ts'
import type { Content } from '../../scripts/workbook/check/lesson.ts'
import { listLessons } from '../../scripts/workbook/book/list.ts'
import { hintsLeft, nextHint } from '../../scripts/workbook/progress/hint.ts'
import { readProgress } from '../../scripts/workbook/progress/progress.ts'
import { recordCheck } from '../../scripts/workbook/progress/record.ts'
import { failFs } from './patched-fs.ts'
import { readerOf } from './reader.ts'

vi.mock(import('../../scripts/workbook/check/report/hints-for.ts'), async original => ({ ...await original(), hintsFor: vi.fn() }))

const NONE: Content = { lessons: [], wrong: [], lane: '' }
const PAGE = { columns: 40, colour: false }

/** Four hints for each failure, which say what they are for. */
const hintsOf = (lesson: string, behaviour: string, diagnosis = 'no diagnosis') => {
  const words = `${lesson},\n${behaviour}, ${diagnosis}`
  return behaviour === 'no-hints' ? [] : [1, 2, 3, 4].map(number => `${words}: number ${number}`)
}
vi.mocked(hintsFor)
  .mockImplementation((_content, _root, { slug }, { behaviour, diagnosis }) => hintsOf(slug, behaviour, diagnosis))

function failed(lesson: string, behaviour: string, diagnosis?: string): CheckResult {
  const failure: Verdict = {
    id: behaviour, title: '', status: 'failed', seed: 1, hints: hintsOf(lesson, behaviour, diagnosis),
    ...(diagnosis && { diagnosis: { id: diagnosis, sentence: 'It.' } }),
  }
  return { lesson: { id: lesson, number: 2 }, folder: '', seed: 1, verdicts: [failure], passed: false, complete: true, failure }
}

function passed(lesson: string): CheckResult {
  return { lesson: { id: lesson, number: 2 }, folder: '', seed: 1, verdicts: [], passed: true, complete: true }
}

function reader() {
  const root = readerOf()
  return {
    root,
    check: (result: CheckResult) => recordCheck(root, listLessons(root), result),
    hint: () => nextHint(NONE, root, PAGE).split('\n\n'),
  }
}

test('a failed check shows the first hint; then one at a time, to the last and not beyond', () => {
  const { root, check, hint } = reader()
  check(failed('echo', 'echo-binary', 'text'))
  const left = () => hintsLeft(root, failed('echo', 'echo-binary', 'text'))
  expect(left()).toBe(3)
  expect(hint()).toEqual(['Hint 2 of 4', 'echo, echo-binary, text: number 2'])
  expect(hint()).toEqual(['Hint 3 of 4', 'echo, echo-binary, text: number 3'])
  expect(left()).toBe(1)
  const last = ['Hint 4 of 4', 'echo, echo-binary, text: number 4', 'That is the last one. To look at the\nbook\'s program:\n  npm run compare 2 -- --now']
  expect(hint()).toEqual(last)
  expect(left()).toBe(0)
  expect(hint()).toEqual(last)
})

test('a failure that was not written down, of an exercise, has no hints left', () => {
  const { root, check } = reader()
  check(failed('echo', 'echo-binary'))
  expect(hintsLeft(root, failed('echo', 'in-capitals'))).toBe(0)
  expect(hintsLeft(root, failed('polite', 'echo-binary'))).toBe(0)
})

test('the same failure again goes on; another begins anew', () => {
  const { check, hint } = reader()
  check(failed('echo', 'echo-binary', 'text'))
  hint()
  check(failed('echo', 'echo-binary', 'text'))
  expect(hint()[0]).toBe('Hint 3 of 4')
  check(failed('echo', 'echo-binary', 'last-chunk'))
  expect(hint()).toEqual(['Hint 2 of 4', 'echo, echo-binary, last-chunk: number 2'])
  check(failed('echo', 'half-close'))
  // What was not recognised has been shown no hint.
  expect(hint()).toEqual(['Hint 1 of 4', 'echo, half-close, no diagnosis: number 1'])
  check(failed('polite', 'half-close', 'text'))
  expect(hint()[0]).toBe('Hint 2 of 4')
})

test('nothing has failed, or it has no hints', () => {
  const { root, check, hint } = reader()
  expect(hint).toThrow('nothing has failed so far, so there is no hint to give')
  check(failed('echo', 'no-hints'))
  expect(hintsLeft(root, failed('echo', 'no-hints'))).toBe(0)
  expect(hint()[0]).toMatch(/^There is no hint for this failure\.[^]*\n {2}npm run compare 2 -- --now$/)
  check(passed('echo'))
  expect(hint).toThrow('nothing has failed so far')
})

test('where nothing may be written the hint is given all the same, and one line says what is missing', () => {
  const { check, hint } = reader()
  check(failed('echo', 'echo-binary', 'text'))
  const told = vi.spyOn(console, 'error').mockImplementation(() => {})
  onTestFinished(() => told.mockRestore())
  failFs(['openSync'], 1, { code: 'EROFS', times: Infinity })
  expect(hint()).toEqual(['Hint 2 of 4', 'echo, echo-binary, text: number 2'])
  expect(hint()[0]).toBe('Hint 2 of 4')
  expect(told.mock.calls).toEqual(Array(2).fill([expect.stringMatching(
    /^npm run hint will give this hint again, for it could not be noted: .*progress\.json cannot be written: its file system is read-only\.$/,
  )]))
})

test('a check that passes marks its lesson, and leaves the reader on theirs', () => {
  const { root, check } = reader()
  check(passed('start'))
  expect(readProgress(root)).toEqual({ version: 1, current: 'start', done: { start: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) } })
  const { done } = readProgress(root)
  check(passed('start'))
  expect(readProgress(root).done).toEqual(done)
  check(passed('polite'))
  expect(readProgress(root)).toMatchObject({ current: 'start', done: { start: done.start } })
  expect(Object.keys(readProgress(root).done)).toEqual(['start', 'polite'])
})

test('a failure marks nothing and takes nothing back; passing another lesson leaves it', () => {
  const { root, check } = reader()
  check(passed('start'))
  check(failed('start', 'a'))
  expect(Object.keys(readProgress(root).done)).toEqual(['start'])
  check(passed('polite'))
  expect(readProgress(root).failed).toEqual({ lesson: 'start', behaviour: 'a', shown: 0 })
  check(passed('start'))
  expect(readProgress(root).failed).toBeUndefined()
})

test('a check that could prove nothing marks nothing', () => {
  const { root, check } = reader()
  check({ ...passed('start'), passed: false })
  expect(readProgress(root).done).toEqual({})
})

test('a check that was too busy to prove all marks nothing, and takes nothing back', () => {
  const { root, check } = reader()
  check({ ...passed('start'), complete: false })
  expect(readProgress(root).done).toEqual({})
  check(passed('start'))
  check({ ...passed('start'), passed: false, complete: false })
  expect(Object.keys(readProgress(root).done)).toEqual(['start'])
  check({ ...failed('polite', 'a'), complete: false })
  expect(readProgress(root).failed).toMatchObject({ lesson: 'polite', behaviour: 'a' })
})

test('a failure that a hand has spoilt is no broken file', () => {
  const root = readerOf({ 'workspace/progress.json': '{"done": {"start": "2026"}, "failed": "echo"}' })
  expect(readProgress(root)).toEqual({ version: 1, done: { start: '2026' } })
  recordCheck(root, listLessons(root), failed('echo', 'a'))
  expect(JSON.parse(readFileSync(join(root, 'workspace/progress.json'), 'utf8')).failed)
    .toEqual({ lesson: 'echo', behaviour: 'a', shown: 0 })
})
