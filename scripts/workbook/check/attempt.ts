import type { Behaviour } from './behaviour.ts'
import { Failure, Unproved } from './explain/failure.ts'
import { explain } from './explain/explain.ts'
import type { Stage } from './stage.ts'
import { DEADLINES, type Setting } from './setting.ts'
import type { Verdict } from './report/verdict.ts'

/**
 * Tells a behaviour's story to the program under test.
 *
 * What fails with a server that has served other stories before is told again with a new one: a
 * story must not suffer from what another left behind. If it holds then, each story after it gets a
 * server of its own at once, or it would wait in vain first. The first failure counts if the server has
 * ended by then, for no client of these stories does anything that may end it. If it does not serve a plain
 * client either when all others have left, it was not the story that was spoilt: see Stage.spoilt.
 */
export async function tell(behaviour: Behaviour, setting: Setting, stage: Stage): Promise<Verdict> {
  const base = { id: behaviour.id, title: behaviour.title, seed: setting.seed }
  if (behaviour.platforms && !behaviour.platforms.includes(process.platform)) {
    return { ...base, status: 'not proved', reason: `it can be seen on ${behaviour.platforms.join(', ')} only` }
  }
  const reason = behaviour.unless?.()
  if (reason !== undefined) return { ...base, status: 'not proved', reason }
  const first = await attempt(behaviour, setting, stage, DEADLINES.story)
  if (first.unproved) return { ...base, status: 'not proved', reason: first.unproved }
  if (!first.failed) return { ...base, status: 'held' }
  const isSpoilt = first.shared && !first.died && !await stage.stillServes(first.late ? SHORT : DEADLINES.silence)
  await stage.clear()
  if (!first.shared || first.died) return { ...base, status: 'failed', ...first.failed }
  const second = await attempt(behaviour, setting, stage, DEADLINES.again)
  if (second.failed) return { ...base, status: 'failed', ...(second.late ? first : second).failed }
  stage.mistrust(isSpoilt ? { ...base, status: 'failed', ...first.failed } : undefined)
  return { ...base, status: 'held' }
}

interface Attempt {
  failed?: Omit<Verdict, 'id' | 'title' | 'status' | 'seed'>
  /** Why it could not be told. */
  unproved?: string
  /** The server had served other stories. */
  shared: boolean
  /** The server, which had served other stories, has ended. */
  died: boolean
  /** Each wait was short enough, and there were too many of them. */
  late: boolean
}

async function attempt(behaviour: Behaviour, setting: Setting, stage: Stage, ms: number): Promise<Attempt> {
  const shared = stage.used && !behaviour.alone
  const scene = await stage.enter(behaviour.alone ?? false)
  try {
    const cost = setting.facts.speaks === 'tls' ? HANDSHAKES : 1
    await within(ms * setting.patience * cost, behaviour.story(scene.world))
    await stage.leave()
    return { shared, died: false, late: false }
  } catch (error) {
    if (error instanceof Unproved) return { shared, died: false, late: false, unproved: error.message }
    if (!(error instanceof Failure)) throw error
    const { kind } = error
    const died = kind === 'died' || (shared && !stage.running)
    return { shared, died, late: kind === 'late', failed: await explain(error, behaviour, setting, scene, stage.lesson) }
  } finally {
    if (behaviour.alone) await stage.clear()
  }
}

// In milliseconds: what took too long leaves little time for more.
const SHORT = 700

// A client that shakes hands takes several times as long to come in, and some stories bring a thousand.
const HANDSHAKES = 3

async function within(ms: number, story: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const failure = new Failure('late', `this was not over after ${ms / 1000} s: your program is too slow, or it waits for something`)
    timer = setTimeout(reject, ms, failure)
  })
  await Promise.race([story, late]).finally(() => clearTimeout(timer))
}
