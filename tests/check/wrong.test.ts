import { expect, test } from 'vitest'
import { CONTENT } from '../lessons/index.ts'
import { storiesOf } from '../../scripts/workbook/check/lesson.ts'
import { verdictReport } from '../../scripts/workbook/check/report/report.ts'
import { checkHints } from '../../scripts/workbook/check/report/hints-for.ts'
import { ROOT } from '../support/command.ts'
import { filesIn, remembered } from '../support/memory.ts'
import { notProved, tooBusy } from '../support/not-proved.ts'
import { canCheck } from '../support/papers.ts'
import { roomFiles } from '../support/rooms.ts'
import { examiners, upTo } from '../support/examiners/examiners.ts'

const { check, programs, variant } = examiners()

// Buffers are filled exactly only when the processor is there at once, and these take some time to try.
const SLOW = new Set(['end-at-the-brim', 'end-while-waiting', 'reset-after-the-end'])

/** One of each kind of report, kept whole beside this file: read them after a change. */
const SHOWN = new Set([
  'bytes-as-text', 'closes-too-soon', 'swallows-the-first', 'never-closes', 'stumbles', 'prints-something-else',
  'not-caught', 'other-port', 'waits-for-ever', 'one-at-a-time', 'no-client-file',
])

const PROVABLE = CONTENT.wrong.filter(({ id, lesson, breaks, unless }) => {
  if (!canCheck(lesson, 'the wrong programs')) return false
  const elsewhere = breaks.platforms?.includes(process.platform) === false ? `only on ${breaks.platforms.join(' and ')}` : undefined
  const reason = unless?.() ?? breaks.unless?.() ?? elsewhere
  if (reason !== undefined) notProved(`what is said of ${id}: ${reason}`)
  return reason === undefined
})

test.concurrent.for(PROVABLE)('$id in lesson $lesson', async ({ id, mistake, lesson, breaks, races, says = '', program }, context) => {
  const { expect } = context
  const folder = variant(lesson, program)
  // The stamps of lesson 11 need the processors most.
  const patience = SLOW.has(breaks.id) ? 8 : lesson === 11 ? 5 : 1
  const told = races ? { only: breaks.id } : upTo(breaks.id)
  const ingredients = [String(lesson), JSON.stringify(told), String(patience), ...roomFiles(lesson), ...filesIn(folder)]
  const { passed, failure, verdicts } = await remembered(context, `wrong program ${id} in lesson ${lesson}`, ingredients, () =>
    check(lesson, folder, { ...told, patience }))
  if (!failure && verdicts.some(({ busy }) => busy)) return tooBusy(`wrong program ${id} in lesson ${lesson}`)
  const printed = asTyped(`${failure && verdictReport(failure, { colour: false })}\n`)
  expect({ passed, behaviour: failure?.id, diagnosis: failure?.diagnosis?.id }, printed)
    .toEqual({ passed: false, behaviour: breaks.id, diagnosis: mistake?.id })
  expect((failure?.diagnosis?.sentence ?? failure?.reason)?.slice(0, says.length)).toBe(says)
  expect(verdicts.slice(0, -1).filter(verdict => verdict.status === 'failed')).toEqual([])
  expect(printed.split('\n').filter(line => line.length > 80)).toEqual([])
  const report = withoutPorts(printed)
  // Every sign is a word or a plain character, and nothing steers a terminal.
  expect(report).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\p{Extended_Pictographic}]/u)
  if (SHOWN.has(id)) await expect(report).toMatchFileSnapshot(`reports/${id}.txt`)
})

/** What differs from one run and one machine to the next. */
function withoutPorts(report: string): string {
  return report
    .replace(/127\.0\.0\.1:\d{5}\b/g, '127.0.0.1:<port>')
    .replace(/errno: -?\d+/g, 'errno: <number>')
    // On a busy machine it is waited for longer.
    .replace(/has counted \d+ s\./, 'has counted 60 s.')
}

// In the reader's own folder, which has no long name.
function asTyped(report: string): string {
  return report.replaceAll(/node --import tsx \S+\/(\w+)\.ts/g, 'npm run mine $1').replaceAll('mine server', 'mine')
    .replaceAll(/\S*\/port-12345-program-\w+\//g, '')
}

test('every mistake that is recognised has its wrong program, and each of them a name of its own', () => {
  const known = new Set(CONTENT.lessons.flatMap(({ mistakes }) => mistakes).map(({ id }) => id))
  // That one is no program.
  known.delete('syntax-error')
  const made = new Set(CONTENT.wrong.flatMap(({ mistake }) => mistake?.id ?? []))
  if (process.platform === 'linux') expect([...known].filter(id => !made.has(id))).toEqual([])
  const ids = CONTENT.wrong.map(({ id }) => id)
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
})

test('a program that is no TypeScript: one line with its place', async () => {
  const { failure, verdicts } = await check(2, programs({ 'server.ts': 'const a = 1\nconst b: = 2\n' }))
  expect(failure).toMatchObject({ diagnosis: { id: 'syntax-error' }, reason: expect.stringMatching(/server\.ts:2:10: Unexpected "="$/) })
  expect(verdicts[0]).toEqual(failure)
})

test('a program that imports what is not there: the same', async () => {
  const { failure } = await check(2, programs({ 'server.ts': 'import \'./helper.ts\'\n' }))
  expect(failure).toMatchObject({
    diagnosis: { id: 'syntax-error' }, reason: expect.stringMatching(/server\.ts:1:8: this imports "\.\/helper\.ts", which is not there/),
  })
})

test('every behaviour has a hint that fits whatever its failure', () => {
  checkHints(CONTENT, ROOT)
})

test('no title is too long for a line', () => {
  const all = CONTENT.lessons.flatMap(storiesOf)
  expect(all.map(({ title }) => title).filter(title => title.length > 78)).toEqual([])
})
