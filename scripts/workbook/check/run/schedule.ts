import type { Behaviour } from '../behaviour.ts'
import type { Verdict } from '../report/verdict.ts'

/** Who tells stories: a `lane` those that need the port for themselves, and what is left of them the one `here`. */
export type Worker = 'here' | 'lane'

export interface ScheduleOptions {
  lanes: number
  all?: boolean
  onVerdict: (verdict: Verdict) => void
}

/** A story that is to be told now. */
export interface Turn {
  index: number
  /** It has been told, and the machine was too busy: nothing else is told meanwhile. */
  again?: Verdict
}

/**
 * Which story is told next and by whom, and which verdicts are certain. Verdicts are reported in the order of
 * the list, which is not the one in which they come. The first that fails, in the order of the list, ends it:
 * what comes after it is not told. What the machine was too busy for is told again when all others have been.
 */
export class Schedule {
  /** Resolves as soon as every verdict that has to be reported has been. */
  readonly certain: Promise<void>
  private readonly behaviours: readonly Behaviour[]
  private readonly lanes: number
  private readonly all: boolean
  private readonly onVerdict: (verdict: Verdict) => void
  private readonly told: (Verdict | undefined)[]
  private readonly shared: number[]
  private readonly alone: number[]
  private readonly waiting: (() => void)[] = []
  private readonly busy: { index: number, again: Verdict }[] = []
  private underWay = 0
  private reported = 0
  /** Nothing behind this place in the list needs to be told. */
  private last: number
  private resolve: () => void = () => {}

  /**
   * @param options.lanes how many workers there are beside the one here
   * @param options.all goes on after the first that fails
   * @param options.onVerdict is told each verdict in the order of the list
   */
  constructor(behaviours: readonly Behaviour[], { lanes, all = false, onVerdict }: ScheduleOptions) {
    this.behaviours = behaviours
    this.lanes = lanes
    this.all = all
    this.onVerdict = onVerdict
    this.told = behaviours.map(() => undefined)
    this.last = behaviours.length - 1
    const indices = [...behaviours.keys()]
    this.shared = indices.filter(index => !behaviours[index]?.alone)
    // What takes longest comes first, or everybody waits for it at the end.
    this.alone = indices.filter(index => behaviours[index]?.alone)
      .sort((one, other) => Number(behaviours[other]?.long ?? false) - Number(behaviours[one]?.long ?? false))
    this.certain = new Promise(resolve => this.resolve = resolve)
    this.report()
  }

  /** How many stories of the list may have to be told: all up to the first that has failed. */
  get count(): number {
    return this.last + 1
  }

  /** Whether something has failed. */
  get failed(): boolean {
    return this.told.some(verdict => verdict?.status === 'failed')
  }

  /** The next story that shares a server; undefined when all of them are under way or told. */
  nextShared(): Turn | undefined {
    return this.take(this.shared)
  }

  /**
   * The next story for a worker. Waits for the others, where something may have to be told again when they are done.
   * @returns undefined when there is nothing more to tell
   */
  async next(worker: Worker): Promise<Turn | undefined> {
    for (;;) {
      const turn = this.take(this.alone, behaviour => this.suits(worker, behaviour)) ?? this.takeAgain(worker)
      if (turn || this.isOver) return turn
      await new Promise<void>(resolve => this.waiting.push(resolve))
    }
  }

  /** @param again it was told again, and nothing more is asked */
  done(index: number, verdict: Verdict, again = false): void {
    this.underWay--
    if (verdict.busy && !again) this.busy.push({ index, again: verdict })
    else this.record(index, verdict)
    this.wake()
  }

  private record(index: number, verdict: Verdict): void {
    this.told[index] = verdict
    if (verdict.status === 'failed' && !this.all) this.last = Math.min(this.last, index)
    this.report()
  }

  /** Nothing more is told or reported. */
  stop(): void {
    this.last = -1
    this.wake()
  }

  private get isOver(): boolean {
    return this.reported > this.last
  }

  private report(): void {
    while (!this.isOver) {
      const next = this.told[this.reported]
      if (!next) return
      this.reported++
      this.onVerdict(next)
    }
    this.resolve()
  }

  private wake(): void {
    for (const wake of this.waiting.splice(0)) wake()
  }

  private suits(worker: Worker, behaviour: Behaviour): boolean {
    if (worker === 'lane') return behaviour.alone === true
    return this.lanes === 0 || !behaviour.inLane
  }

  private take(indices: number[], suits: (behaviour: Behaviour) => boolean = () => true): Turn | undefined {
    for (;;) {
      const at = indices.findIndex(index => suits(this.behaviours[index]!))
      if (at < 0) return undefined
      const [index = 0] = indices.splice(at, 1)
      if (index > this.last) continue
      this.underWay++
      return { index }
    }
  }

  private takeAgain(worker: Worker): Turn | undefined {
    if (this.underWay > 0 || this.shared.length > 0 || this.alone.some(index => index <= this.last)) return undefined
    const at = this.busy.findIndex(({ index }) => index <= this.last && this.suits(worker, this.behaviours[index]!))
    if (at < 0) return undefined
    this.underWay++
    return this.busy.splice(at, 1)[0]
  }
}
