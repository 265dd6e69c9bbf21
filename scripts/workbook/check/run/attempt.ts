import type { Behaviour } from '../behaviour.ts'
import { Failure, TooBusy, TOO_BUSY, Unproved } from '../explain/failure.ts'
import { explain } from '../explain/explain.ts'
import { worthOf, type Worth } from '../load/evidence.ts'
import { load } from '../load/watch.ts'
import type { Stage } from './stage.ts'
import { DEADLINES, type Setting } from '../setting.ts'
import type { Verdict } from '../report/verdict.ts'

/**
 * Tells a behaviour's story to the program under test.
 *
 * What fails with a server that has served other stories before is told again with a new one: a
 * story must not suffer from what another left behind. If it holds then, each story after it gets a
 * server of its own at once, or it would wait in vain first. The first failure counts if the server has
 * ended by then, for no client of these stories does anything that may end it. If it does not serve a plain
 * client either when all others have left, it was not the story that was spoilt: see Stage.spoilt.
 *
 * A failure counts only if something wrong was seen: see worthOf(). What others who need the processor may
 * have done comes back as `too busy`, and is to be told again when nothing else is told.
 * @param again it is told again, alone: now it is waited for longer, and what comes back is the last word
 */
export async function tell(behaviour: Behaviour, setting: Setting, stage: Stage, again?: Verdict): Promise<Verdict> {
  const base = { id: behaviour.id, title: behaviour.title, seed: setting.seed }
  if (behaviour.platforms && !behaviour.platforms.includes(process.platform)) {
    return { ...base, status: 'not proved', reason: `it can be seen on ${behaviour.platforms.join(', ')} only` }
  }
  const reason = behaviour.unless?.()
  if (reason !== undefined) return { ...base, status: 'not proved', reason }
  load.start()
  if (again) return await tellAlone(behaviour, setting, stage, base)
  const patience = Math.max(setting.patience, load.patience)
  const first = await attempt(behaviour, setting, stage, { ms: DEADLINES.story, patience })
  if (first.unproved !== undefined) {
    await stage.clear()
    return { ...base, ...first.unproved }
  }
  if (!first.failed) return { ...base, status: 'held' }
  const failed = ({ failed, worth }: Attempt): Verdict =>
    worth === 'seen' ? { ...base, status: 'failed', ...failed } : { ...base, ...BUSY }
  if (!first.shared || first.died) {
    await stage.clear()
    return failed(first)
  }
  const still = await stage.stillServes((first.late ? SHORT : DEADLINES.silence) * patience)
  await stage.clear()
  const second = await attempt(behaviour, setting, stage, { ms: DEADLINES.again, patience })
  if (second.unproved !== undefined) return { ...base, ...second.unproved }
  if (second.failed) return failed(second.late && first.worth === 'seen' ? first : second)
  stage.mistrust(still ? undefined : failed(first))
  return { ...base, status: 'held' }
}

/** Tells it with a server of its own, until it holds or something wrong is seen. */
async function tellAlone(
  behaviour: Behaviour, setting: Setting, stage: Stage, base: Pick<Verdict, 'id' | 'title' | 'seed'>,
): Promise<Verdict> {
  for (let times = 1; times <= TIMES; times++) {
    const patience = Math.max(setting.patience, load.patience) * (times + 1)
    await stage.clear()
    const { failed, worth, unproved } = await attempt(behaviour, setting, stage, { ms: DEADLINES.story, patience })
    await stage.clear()
    if (unproved !== undefined && !unproved.busy) return { ...base, ...unproved }
    if (!failed && unproved === undefined) return { ...base, status: 'held' }
    // What is doubtful once is none of the machine's doing when it comes each time.
    if (failed && (worth === 'seen' || (worth === 'doubtful' && times === TIMES))) return { ...base, status: 'failed', ...failed }
  }
  return { ...base, ...BUSY }
}

type Unproven = Pick<Verdict, 'status' | 'reason' | 'busy'>

const BUSY = { status: 'not proved', reason: TOO_BUSY, busy: true } as const

interface Attempt {
  failed?: Omit<Verdict, 'id' | 'title' | 'status' | 'seed'>
  /** What the failure is worth. */
  worth?: Worth
  /** Why it could not be told. */
  unproved?: Unproven
  /** The server had served other stories. */
  shared: boolean
  /** The server, which had served other stories, has ended. */
  died: boolean
  /** Each wait was short enough, and there were too many of them. */
  late: boolean
}

/**
 * @param time.ms how long the story may take on a machine that does nothing else
 * @param time.patience how many times as long here
 */
async function attempt(
  behaviour: Behaviour, setting: Setting, stage: Stage, { ms, patience }: { ms: number, patience: number },
): Promise<Attempt> {
  const shared = stage.used && !behaviour.alone
  const scene = await stage.enter(behaviour.alone ?? false, patience)
  const since = load.now()
  const most = () => ms * (setting.facts.speaks === 'tls' ? HANDSHAKES : 1) + scene.programs.length * START
  try {
    await within(() => most() * patience, behaviour.story(scene.world))
    await stage.leave()
    return { shared, died: false, late: false }
  } catch (error) {
    if (error instanceof TooBusy) return { shared, died: false, late: false, unproved: BUSY }
    if (error instanceof Unproved) return { shared, died: false, late: false, unproved: { status: 'not proved', reason: error.message } }
    if (!(error instanceof Failure)) throw error
    const { kind } = error
    // Before anything is asked that takes time.
    const weighed = worthOf(error, { since, ms: most(), patience }, load)
    const died = kind === 'died' || (shared && !stage.running)
    return {
      shared, died, late: kind === 'late', worth: died ? 'seen' : weighed,
      failed: await explain(error, behaviour, setting, scene, stage.lesson),
    }
  } finally {
    if (behaviour.alone) await stage.clear()
  }
}

// In milliseconds: what took too long leaves little time for more.
const SHORT = 700

/** How often a story is told again that nothing follows from, each time with more patience. */
const TIMES = 2

// A client that shakes hands takes several times as long to come in, and some stories bring a thousand.
const HANDSHAKES = 3

/** What a program takes to start on a slow machine, of which some stories start a dozen. In milliseconds. */
const START = 500

/** @param most how long it may take, in milliseconds: more, as it starts more programs */
async function within(most: () => number, story: Promise<void>): Promise<void> {
  const since = performance.now()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const look = () => {
      const ms = most()
      const left = since + ms - performance.now()
      if (left > 0) timer = setTimeout(look, left)
      else reject(new Failure('late', `this was not over after ${Math.round(ms / 100) / 10} s: your program is too slow, or it waits for something`))
    }
    look()
  })
  await Promise.race([story, late]).finally(() => clearTimeout(timer))
}
