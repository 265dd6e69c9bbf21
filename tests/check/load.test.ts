import { expect, test } from 'vitest'
import { Failure, type Evidence, type FailureKind } from '../../scripts/workbook/check/explain/failure.ts'
import { worthOf } from '../../scripts/workbook/check/load/evidence.ts'
import type { Measures, Share } from '../../scripts/workbook/check/load/measures.ts'
import { LoadWatch } from '../../scripts/workbook/check/load/watch.ts'
import type { Program } from '../../scripts/workbook/check/program/program.ts'

/** What one thread does in a stretch of time, and how late or long in line we are ourselves. */
interface Stretch { ms: number, ran?: number, waited?: number, wants?: boolean, late?: number, inLine?: number }

/** A machine in our hand, and a watch that looks at it every 50 ms, or so much later. */
function machine() {
  let [now, used, inLine] = [1000, 0, 0]
  const thread: Share = { ran: 0, waited: 0, wants: false }
  const measures: Measures = {
    now: () => now, used: () => used, waited: () => inLine, threads: () => new Map([[7, { ...thread }]]),
  }
  const watch = new LoadWatch(measures)
  const look = () => watch.since(now)
  look()
  return {
    watch,
    /** Lets time pass: `share` is of each 50 ms. */
    pass({ ms, ran = 0, waited = 0, wants = false, late = 0, inLine: ours = 0 }: Stretch) {
      for (const end = now + ms; now < end; look()) {
        now += 50 + late
        inLine += ours
        thread.ran += ran
        thread.waited += waited
        thread.wants = wants
      }
    },
    /** We do something ourselves. */
    work(ms: number) {
      now += ms
      used += ms
      look()
    },
  }
}

const SILENCE: Stretch = { ms: 1500 }
const SPINS: Stretch = { ms: 1500, ran: 50, wants: true }
const STARVES: Stretch = { ms: 1500, ran: 10, waited: 40, wants: true }

function worth(kind: FailureKind, before: readonly Stretch[], evidence: Evidence = {}, patience = 1) {
  const { watch, pass } = machine()
  const since = watch.now()
  before.slice(0, -1).forEach(pass)
  const waitsSince = watch.now()
  before.slice(-1).forEach(pass)
  return worthOf(new Failure(kind, 'it failed', { since: waitsSince, ...evidence }), { since, ms: 3200, patience }, watch)
}

test.each([
  ['silence of a program that sleeps', [SILENCE], 'seen'],
  ['silence of a program that runs all the time', [SPINS], 'seen'],
  ['silence of a program that others keep from running', [STARVES], 'nothing'],
  ['silence of a program that stands in line and never gets a turn', [{ ms: 1500, wants: true }], 'nothing'],
  ['silence after it was kept from running for a while', [STARVES, SILENCE], 'seen'],
  ['silence of a program that was kept from running at last', [SILENCE, { ...STARVES, ms: 400 }], 'nothing'],
  ['silence while we come late ourselves and it runs', [{ ms: 1500, ran: 10, late: 150 }], 'nothing'],
  ['silence while we come late ourselves and it sleeps', [{ ms: 1500, late: 90 }], 'seen'],
  ['silence while we do not come round at all', [{ ms: 1500, late: 1400 }], 'nothing'],
  ['silence after waits that are shorter than what is sleep', [STARVES, { ms: 300 }], 'seen'],
] as const)('%s: %j is %s', (_, before, expected) => {
  expect(worth('silence', before)).toBe(expected)
})

test('a wait in which it had as much as it needs on a quiet machine is enough, whatever else was lost', () => {
  const long: Stretch = { ms: 3000, ran: 28, waited: 22, wants: true }
  expect(worth('silence', [long], {}, 2)).toBe('seen')
  expect(worth('silence', [long], {}, 1)).toBe('nothing')
  // So much is lost on a machine where more comes late than we know of.
  expect(worth('silence', [{ ...STARVES, ms: 7500 }], {}, 5)).toBe('nothing')
})

test('a story that went on and on counts if it had the time of a quiet machine', () => {
  expect(worth('late', [{ ms: 3200, ran: 5 }])).toBe('seen')
  // It may wait for something that comes later, so that it sleeps at last says nothing.
  expect(worth('late', [{ ...STARVES, ms: 2400 }, { ms: 800 }])).toBe('nothing')
  expect(worth('late', [{ ms: 6400, ran: 10, waited: 15, inLine: 5 }], {}, 2)).toBe('seen')
  expect(worth('late', [{ ms: 6400, ran: 10, waited: 15, inLine: 15 }], {}, 2)).toBe('nothing')
  expect(worth('late', [{ ...STARVES, ms: 16_000 }], {}, 5)).toBe('nothing')
})

test.each(['differs', 'output', 'ended', 'ended-otherwise', 'no-program', 'other'] as const)('%s is seen on any machine', kind => {
  expect(worth(kind, [STARVES])).toBe('seen')
})

test('an end and a broken connection are doubtful on a busy machine, and seen on a quiet one', () => {
  for (const kind of ['closed', 'broke'] as const) {
    expect(worth(kind, [STARVES])).toBe('doubtful')
    expect(worth(kind, [SILENCE])).toBe('seen')
  }
})

test('a failure may say for itself whether a busy machine can do it', () => {
  expect(worth('other', [STARVES], { certain: false })).toBe('nothing')
  expect(worth('other', [STARVES], { certain: 'hardly' })).toBe('doubtful')
  expect(worth('no-connection', [STARVES], { certain: true })).toBe('seen')
})

test('what has ended says no more', () => {
  const program = { running: false } as Program
  expect(worth('no-line', [STARVES], { program })).toBe('seen')
})

test('what we are busy with ourselves does not count as lost', () => {
  const { watch, work } = machine()
  const since = watch.now()
  work(500)
  expect(watch.since(since)).toMatchObject({ ms: 500, lost: 0 })
})

test('a wait that was counted while it lasted is not counted again when it is over', () => {
  const { watch, pass } = machine()
  const since = watch.now()
  pass({ ms: 200, wants: true })
  pass({ ms: 50, ran: 50, waited: 200, wants: true })
  expect(watch.since(since)).toMatchObject({ ms: 250, lost: 200 })
})

test('how many times as long as alone', () => {
  const { watch, pass } = machine()
  expect(watch.slowdown).toBe(1)
  pass({ ...SPINS, ms: 500 })
  expect(watch).toMatchObject({ slowdown: 1, patience: 1 })
  pass({ ms: 3000, ran: 30, waited: 20, wants: true })
  expect(watch.patience).toBe(1)
  pass({ ...STARVES, ms: 3000 })
  expect(watch.slowdown).toBeCloseTo(5, 0)
  expect(watch.patience).toBe(5)
})
