import { expect, test } from 'vitest'
import type { Behaviour } from '../../scripts/workbook/check/behaviour.ts'
import { Schedule } from '../../scripts/workbook/check/run/schedule.ts'
import type { Verdict } from '../../scripts/workbook/check/report/verdict.ts'

const story = (id: string, more: Partial<Behaviour> = {}): Behaviour =>
  ({ id, title: id, story: async () => {}, ...more })
const verdict = (id: string, status: Verdict['status'], more: Partial<Verdict> = {}): Verdict =>
  ({ id, title: id, seed: 1, status, ...more })
const BUSY = { busy: true } as const

function scheduleOf(behaviours: readonly Behaviour[], { lanes = 2, all = false } = {}) {
  const reported: string[] = []
  const schedule = new Schedule(behaviours, { lanes, all, onVerdict: ({ id, status }) => reported.push(`${id} ${status}`) })
  return { schedule, reported }
}

test('verdicts are reported in the order of the list, whatever the order in which they come', async () => {
  const { schedule, reported } = scheduleOf([story('a'), story('b', { alone: true }), story('c')])
  expect([schedule.nextShared(), await schedule.next('lane'), schedule.nextShared(), schedule.nextShared()])
    .toEqual([{ index: 0 }, { index: 1 }, { index: 2 }, undefined])
  schedule.done(1, verdict('b', 'held'))
  schedule.done(2, verdict('c', 'held'))
  expect(reported).toEqual([])
  schedule.done(0, verdict('a', 'held'))
  expect(reported).toEqual(['a held', 'b held', 'c held'])
  await schedule.certain
})

test('the first that fails ends it: what comes after it is not told, what comes before it is', async () => {
  const { schedule, reported } = scheduleOf([story('a', { alone: true }), story('b'), story('c', { alone: true }), story('d')])
  expect(await schedule.next('lane')).toEqual({ index: 0 })
  expect(schedule.nextShared()).toEqual({ index: 1 })
  schedule.done(1, verdict('b', 'failed'))
  expect(schedule.nextShared()).toBeUndefined()
  const another = schedule.next('lane')
  schedule.done(0, verdict('a', 'held'))
  expect(await another).toBeUndefined()
  expect({ reported, count: schedule.count }).toEqual({ reported: ['a held', 'b failed'], count: 2 })
  await schedule.certain
})

test('with --all it goes on', async () => {
  const { schedule, reported } = scheduleOf([story('a'), story('b')], { all: true })
  for (let turn = schedule.nextShared(); turn; turn = schedule.nextShared()) schedule.done(turn.index, verdict('ab'[turn.index]!, 'failed'))
  expect(reported).toEqual(['a failed', 'b failed'])
})

test('what takes long is told first, and what needs a lane is left to one', async () => {
  const behaviours = [story('a', { alone: true }), story('b', { alone: true, long: true }), story('c', { alone: true, inLane: true })]
  const { schedule } = scheduleOf(behaviours)
  expect([await schedule.next('here'), await schedule.next('here')]).toEqual([{ index: 1 }, { index: 0 }])
  expect(await schedule.next('lane')).toEqual({ index: 2 })
  expect(await scheduleOf([behaviours[2]!], { lanes: 0 }).schedule.next('here')).toEqual({ index: 0 })
})

test('what the machine was too busy for is told again when nothing else is told, one at a time', async () => {
  const { schedule, reported } = scheduleOf(['a', 'b', 'c'].map(id => story(id, { alone: true })))
  for (let count = 0; count < 3; count++) await schedule.next('lane')
  const busy = (id: string) => verdict(id, 'not proved', BUSY)
  schedule.done(0, busy('a'))
  schedule.done(1, busy('b'))
  const [here, lane] = [schedule.next('here'), schedule.next('lane')]
  const come: unknown[] = []
  for (const turn of [here, lane]) turn.then(turn => come.push(turn), () => {})
  await new Promise(setImmediate)
  expect(come).toEqual([])
  schedule.done(2, verdict('c', 'held'))
  expect(await here).toEqual({ index: 0, again: busy('a') })
  await new Promise(setImmediate)
  expect(come).toHaveLength(1)
  // Nobody asks a third time.
  schedule.done(0, busy('a'), true)
  expect(await lane).toEqual({ index: 1, again: busy('b') })
  schedule.done(1, verdict('b', 'held'), true)
  expect(await schedule.next('here')).toBeUndefined()
  expect(reported).toEqual(['a not proved', 'b held', 'c held'])
  await schedule.certain
})

test('what comes after a failure is not told again', async () => {
  const { schedule, reported } = scheduleOf([story('a'), story('b')])
  schedule.nextShared()
  schedule.nextShared()
  schedule.done(1, verdict('b', 'not proved', BUSY))
  schedule.done(0, verdict('a', 'failed'))
  expect(await schedule.next('here')).toBeUndefined()
  expect(reported).toEqual(['a failed'])
})

test('whoever waits goes home when it is stopped, and nothing more is reported', async () => {
  const { schedule, reported } = scheduleOf([story('a', { alone: true })])
  await schedule.next('lane')
  const waits = schedule.next('here')
  schedule.stop()
  expect(await waits).toBeUndefined()
  schedule.done(0, verdict('a', 'held'))
  expect(reported).toEqual([])
})
