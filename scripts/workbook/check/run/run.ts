import { canIsolate } from '../../machine/isolate.ts'
import type { Behaviour } from '../behaviour.ts'
import type { Guardian } from '../program/guardian.ts'
import type { Lane } from './lane.ts'
import type { CheckedLesson } from '../lesson.ts'
import { Schedule } from './schedule.ts'
import { Stage } from './stage.ts'
import type { Setting } from '../setting.ts'
import { tell } from './attempt.ts'
import type { Verdict } from '../report/verdict.ts'
import type { Workshop } from './kept.ts'

export interface RunOptions {
  lesson: CheckedLesson
  guardian: Guardian
  workshop: Workshop
  signal?: AbortSignal
  all?: boolean
  onVerdict: (verdict: Verdict) => void
}

/**
 * Tells these stories to the program, and reports in their order, which is not the one in which they
 * happen: those that share a server come one after another; those that need the port for themselves
 * have, where the system allows it, networks of their own and happen at the same time.
 *
 * The first that fails, in the order of the list, ends it: what comes after it in the list is not run.
 * @param options.onVerdict is told one for each, in the order of the list
 */
export async function runAll(
  behaviours: readonly Behaviour[], setting: Setting, options: RunOptions,
): Promise<void> {
  const { lesson, guardian, workshop, signal, all = false, onVerdict } = options
  const stage = new Stage(lesson, setting, guardian)
  const lanes: Lane[] = []
  const count = lanesFor(behaviours)
  const schedule = new Schedule(behaviours, { lanes: count, all, onVerdict })
  /** Nothing must be started any more. */
  let over = false

  const here = async () => {
    let postponed: { index: number, verdict: Verdict } | undefined
    for (let turn = schedule.nextShared(); turn; turn = schedule.nextShared()) {
      const { index } = turn
      const verdict = await tell(behaviours[index]!, setting, stage)
      if (verdict.status === 'held' && verdict.id === stage.spoilt?.id) postponed = { index, verdict }
      else schedule.done(index, verdict)
    }
    if (postponed) {
      const { index, verdict } = postponed
      schedule.done(index, schedule.failed ? verdict : stage.spoilt ?? verdict)
    }
    // What serves several stories is told here, and then there is a hand free for the others.
    for (let turn = await schedule.next('here'); turn; turn = await schedule.next('here')) {
      const { index, again } = turn
      schedule.done(index, await tell(behaviours[index]!, setting, stage, again), again !== undefined)
    }
  }
  const inLane = async () => {
    const lane = await workshop.takeLane()
    if (over) return await workshop.giveBack(lane)
    lanes.push(lane)
    for (let turn = await schedule.next('lane'); turn; turn = await schedule.next('lane')) {
      const { index, again } = turn
      schedule.done(index, await lane.tell(behaviours[index]!.id, setting, again), again !== undefined)
    }
  }

  try {
    const everybody = Promise.all([here(), ...Array.from({ length: count }, inLane)])
    // A lane may still be busy with what nobody needs to know any more.
    await Promise.race([everybody.then(() => schedule.certain), schedule.certain, aborted(signal)])
  } catch (error) {
    schedule.stop()
    throw error
  } finally {
    over = true
    await Promise.all([stage.close(), ...lanes.map(lane => workshop.giveBack(lane))])
  }
  for (const { id, title } of behaviours.slice(schedule.count)) onVerdict({ id, title, status: 'not run', seed: setting.seed })
}

/** How many lanes these stories can make use of. */
export function lanesFor(behaviours: readonly Behaviour[]): number {
  const alone = behaviours.filter(behaviour => behaviour.alone).length
  const isWorthIt = alone < behaviours.length || behaviours.some(({ inLane }) => inLane)
  return canIsolate() && isWorthIt ? Math.min(LANES, Math.ceil(alone / 2)) : 0
}

// More would only fight over the processors.
const LANES = 2

function aborted(signal?: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal?.aborted) reject(signal.reason)
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
