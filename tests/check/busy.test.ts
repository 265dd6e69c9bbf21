import { join } from 'node:path'
import { expect, test } from 'vitest'
import { TOO_BUSY } from '../../scripts/workbook/check/explain/failure.ts'
import { summary } from '../../scripts/workbook/check/report/report.ts'
import type { CheckResult, Verdict } from '../../scripts/workbook/check/report/verdict.ts'
import { CONTENT } from '../lessons/index.ts'
import { besideBusy } from '../support/busy.ts'
import { ROOT } from '../support/command.ts'
import { examiners } from '../support/examiners/examiners.ts'
import { inWhole } from '../support/whole.ts'

const { check, variant } = examiners()

/** How many busy processes there are for each core. */
const CROWD = 3
/** What needs no full buffers: this is about time. */
const UNTIL = 'half-close'

const LEFT = !inWhole('the check beside busy processes')

test.skipIf(LEFT)('a right program is never refused, however busy the machine is', async () => {
  const { failure, verdicts } = await besideBusy(CROWD, () =>
    check(6, join(ROOT, 'code/06-echo'), { patience: 1, until: UNTIL }))
  expect(failure).toBeUndefined()
  // It may be too busy for some of it, and not for everything.
  expect(verdicts.filter(({ status }) => status === 'held').length).toBeGreaterThan(1)
}, 120_000)

test.skipIf(LEFT)('a program that sleeps where it should answer is refused on a machine that is as busy', async () => {
  const { program = [] } = CONTENT.wrong.find(({ id }) => id === 'never-closes') ?? {}
  const { failure } = await besideBusy(CROWD, () =>
    check(6, variant(6, program), { patience: 1, until: UNTIL }))
  expect(failure).toMatchObject({ id: UNTIL, status: 'failed', diagnosis: { id: 'never-closes' } })
}, 120_000)

const verdict = (status: Verdict['status'], more: Partial<Verdict> = {}): Verdict =>
  ({ id: 'one', title: 'one', seed: 1, status, ...more })
const busy = verdict('not proved', { reason: TOO_BUSY, busy: true })

function lastLines(...verdicts: Verdict[]): string {
  const failure = verdicts.find(({ status }) => status === 'failed')
  const result: CheckResult = {
    lesson: { id: 'echo', number: 6 }, folder: '', seed: 1, verdicts, passed: !failure, complete: false,
    ...failure && { failure },
  }
  return summary(result, { again: 'npm run check 6 --' })
}

test('the last line says what was not proved, and when to ask again', () => {
  const held = verdict('held')
  expect(lastLines(held, held, busy)).toBe(
    'Lesson 6: 2 held; 1 not proved, because this machine is too busy: npm run check\n6 when it isn\'t.')
  expect(lastLines(held, verdict('not proved', { reason: 'it is no other' }), busy)).toBe(
    'Lesson 6: 1 held, 1 cannot be proved on this system; 1 not proved, because this\nmachine is too busy: npm run check 6 when it isn\'t.')
  expect(lastLines(held, busy, verdict('failed'))).toBe(
    'Lesson 6: 1 held, 1 failed; 1 not proved, because this machine is too busy.\nThe same again: npm run check 6 -- --seed 1')
})
