import { canIsolate } from '../machine/isolate.ts'
import type { Behaviour } from './behaviour.ts'
import type { Guardian } from './program/guardian.ts'
import type { Lane } from './lane.ts'
import type { CheckedLesson } from './lesson.ts'
import { Stage } from './stage.ts'
import type { Setting } from './setting.ts'
import { tell } from './attempt.ts'
import type { Verdict } from './report/verdict.ts'
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
  const told: (Verdict | undefined)[] = behaviours.map(() => undefined)
  const stage = new Stage(lesson, setting, guardian)
  const lanes: Lane[] = []
  let reported = 0
  /** Nothing must be started any more. */
  let over = false
  /** Nothing behind this place in the list needs to be told. */
  let last = behaviours.length - 1
  let postponed: { index: number, verdict: Verdict } | undefined

  const record = (index: number, verdict: Verdict) => {
    told[index] = verdict
    if (verdict.status === 'failed' && !all) last = Math.min(last, index)
    for (let next = told[reported]; next && reported <= last; next = told[++reported]) onVerdict(next)
  }

  type Teller = (behaviour: Behaviour) => Promise<Verdict>
  const work = async (indices: number[], teller: Teller, takes: (behaviour: Behaviour) => boolean = () => true) => {
    // Several workers take from one list.
    const take = () => {
      const at = indices.findIndex(index => takes(behaviours[index]!))
      return at < 0 ? undefined : indices.splice(at, 1)[0]
    }
    for (let index = take(); index !== undefined; index = take()) {
      if (index > last) continue
      const verdict = await teller(behaviours[index]!)
      if (verdict.status === 'held' && verdict.id === stage.spoilt?.id) postponed = { index, verdict }
      else record(index, verdict)
    }
  }
  const settle = () => {
    if (!postponed) return
    const { index, verdict } = postponed
    record(index, told.some(other => other?.status === 'failed') ? verdict : stage.spoilt ?? verdict)
  }

  const indices = [...behaviours.keys()]
  // What takes longest comes first, or everybody waits for it at the end.
  const alone = indices.filter(index => behaviours[index]?.alone)
    .sort((one, other) => Number(behaviours[other]?.long ?? false) - Number(behaviours[one]?.long ?? false))
  const shared = indices.filter(index => !behaviours[index]?.alone)
  const here = (behaviour: Behaviour) => tell(behaviour, setting, stage)

  const inLane = async () => {
    const lane = await workshop.takeLane()
    if (over) return await workshop.giveBack(lane)
    lanes.push(lane)
    await work(alone, behaviour => lane.tell(behaviour.id, setting))
  }
  const everything = async () => {
    const beside = Array.from({ length: lanesFor(behaviours) }, inLane)
    // What serves several stories is told here, and then there is a hand free for the others.
    const own = work(shared, here).then(settle)
      .then(() => work(alone, here, behaviour => beside.length === 0 || !behaviour.inLane))
    await Promise.race([Promise.all([own, ...beside]), certain()])
  }
  // A lane may still be busy with what nobody needs to know any more.
  const certain = async () => {
    while (told.slice(0, last + 1).includes(undefined)) await new Promise(resolve => setTimeout(resolve, 10))
  }

  try {
    await Promise.race([everything(), aborted(signal)])
  } catch (error) {
    last = -1
    throw error
  } finally {
    over = true
    await Promise.all([stage.close(), ...lanes.map(lane => workshop.giveBack(lane))])
  }
  for (const { id, title } of behaviours.slice(last + 1)) onVerdict({ id, title, status: 'not run', seed: setting.seed })
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
