import { patienceFor } from '../../machine/patience.ts'
import { thisMachine, type Measures, type Share } from './measures.ts'

/** What became of some time. In milliseconds. */
export interface Span {
  ms: number
  /** Of it, how long the programs could not go on: they stood in line for a processor, or we came late. */
  lost: number
  /** How long the programs ran or stood in line: 0 of programs that wait for something else. */
  active: number
  /** How often we came round. */
  turns: number
}

/** What has been lost in a story, as far as a verdict asks for it. */
export interface Load {
  /** @param since a moment of now() */
  since(since: number): Span
  now(): number
}

/**
 * Looks while stories run at how busy the machine is: how late our own timer fires, and how long the programs
 * under test and all others that we have started stand in line for a processor, of the time in which they have
 * something to do. One for a process.
 */
export class LoadWatch implements Load {
  private readonly measures: Measures
  /** Sums up to a moment, oldest first. */
  private readonly sums: { at: number, lost: number, active: number, ran: number, turns: number }[] = []
  private readonly known = new Map<number, Share & { owed: number }>()
  private readonly apart = new Set<number>()
  private used = 0
  private waited = 0
  private timer: NodeJS.Timeout | undefined

  constructor(measures: Measures = thisMachine) {
    this.measures = measures
  }

  /** From now on it looks, as often as it must; it keeps no process alive. */
  start(): void {
    if (this.timer) return
    this.look()
    this.timer = setInterval(() => this.look(), TICK).unref()
  }

  stop(): void {
    clearInterval(this.timer)
    this.timer = undefined
    this.sums.length = 0
    this.known.clear()
  }

  /** A process of ours that tells stories itself, and looks after its own. */
  leaveOut(pid: number): void {
    this.apart.add(pid)
  }

  now(): number {
    return this.measures.now()
  }

  since(since: number): Span {
    this.look()
    const { sums } = this
    const last = sums.at(-1)!
    const at = Math.max(0, sums.findLastIndex(sum => sum.at <= since))
    const first = sums[at]!
    return {
      ms: last.at - first.at,
      lost: last.lost - first.lost,
      active: last.active - first.active,
      turns: last.turns - first.turns,
    }
  }

  /**
   * How many times as long as alone the programs have taken of late for what they had to do: 2 where they have
   * waited for a processor as long as they had it. 1 where they had nothing to do.
   */
  get slowdown(): number {
    this.look()
    const { sums } = this
    const last = sums.at(-1)!
    const first = sums.find(sum => sum.at >= last.at - RECENT)!
    const ran = last.ran - first.ran
    return ran < ENOUGH ? 1 : (ran + last.lost - first.lost) / ran
  }

  /** How many times as long as usual to wait for what happens now. */
  get patience(): number {
    return patienceFor(this.slowdown - OWN)
  }

  private look(): void {
    const { measures, sums } = this
    const [at, used, waited] = [measures.now(), measures.used(), measures.waited()]
    const before = sums.at(-1)
    const gap = before === undefined ? 0 : at - before.at
    // What we have been busy with ourselves does not make others late.
    const late = before === undefined ? 0 : Math.max(0, gap - TICK - (used - this.used), waited - this.waited)
    const threads = this.threads(gap)
    const lost = Math.min(gap, late + threads.waited)
    sums.push({
      at,
      lost: (before?.lost ?? 0) + lost,
      // Whoever asks twice in a row has not come round meanwhile.
      turns: (before?.turns ?? 0) + Number(gap >= TICK / 2),
      active: (before?.active ?? 0) + Math.min(gap, threads.ran + threads.waited),
      ran: (before?.ran ?? 0) + threads.ran + used - this.used,
    })
    this.used = used
    this.waited = waited
    while (sums.length > 2 && at - sums[1]!.at > KEPT) sums.shift()
  }

  private threads(gap: number): { ran: number, waited: number } {
    const sum = { ran: 0, waited: 0 }
    const now = this.measures.threads(this.apart)
    for (const [id, share] of now) {
      const before = this.known.get(id) ?? { ran: 0, waited: 0, owed: 0 }
      const ran = share.ran - before.ran
      // What was counted while it stood in line comes once more when the wait is over.
      const waited = Math.max(0, share.waited - before.waited - before.owed)
      const open = share.wants ? Math.max(0, gap - ran - waited) : 0
      const isStuck = open > gap / 2
      sum.ran += ran
      sum.waited += waited + (isStuck ? open : 0)
      const owed = Math.max(0, before.owed - (share.waited - before.waited)) + (isStuck ? open : 0)
      this.known.set(id, { ...share, owed })
    }
    for (const id of this.known.keys()) if (!now.has(id)) this.known.delete(id)
    return sum
  }
}

/** How often it is looked, in milliseconds. A look takes about half of one. */
const TICK = 100
/** How long what was seen is kept: longer than the longest story. */
const KEPT = 120_000
/** Over how long the slowdown is taken, and how much must have been done in it to tell. */
const RECENT = 3000
const ENOUGH = 30

/** What the stories of a check take from each other, which is no reason to wait. */
const OWN = 0.25

/** The watch of this process. */
export const load = new LoadWatch()
