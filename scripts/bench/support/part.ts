import type { LessonEntry } from '../../workbook/book/list.ts'

/** What is counted: time, what goes over the wire, how many times one is the other, or how many there are. */
export type Unit = 'ms' | 'bytes' | 'ratio' | 'count'

/** A median, with the runs that it was taken from. */
export interface Quantity {
  unit: Unit
  value: number
  samples: readonly number[]
}

/** What a quantity may be at most, in its own unit, and the promise in words. */
export interface Target {
  /** Which column of a row it is about. */
  of: 'measured' | 'yardstick' | 'figure'
  most: number
  promise: string
}

/** One line of a part's table: what was measured, the same work done plainly, and what follows from the two. */
export interface Row {
  what: string
  measured?: Quantity
  yardstick?: Quantity
  figure?: Quantity
  target?: Target
}

/** What a part brings back. Notes say how it was measured, where a row cannot. */
export interface Findings {
  rows: Row[]
  notes?: string[]
}

/** A lesson that a part measures. */
export interface MeasuredLesson extends LessonEntry {
  /** What its server.ts is told. */
  args: readonly string[]
}

/** What every part is given. */
export interface Bench {
  /** The project whose lessons are measured. */
  root: string
  /** The lessons whose rooms say that a part measures them, or one of its rows, and with which arguments. */
  measured: (part: string) => MeasuredLesson[]
  /** How often each thing is done; the table shows medians. */
  runs: number
  /** How often each program is checked where verdicts are counted; many times unless given. */
  rounds?: number
  /** An empty folder outside of the project, gone when the command ends. */
  scratch: string
  /** Says what is being done, to somebody who watches. */
  say: (words: string) => void
}

/** One thing that the bench measures: a file of scripts/bench/, listed in all.ts. */
export interface Part {
  name: string
  /** What stands above the three columns: the thing measured, its yardstick, the figure. */
  headings: readonly [measured: string, yardstick: string, figure: string]
  targets: Readonly<Record<string, Target>>
  run: (bench: Bench) => Promise<Findings>
}

/** Whether a row keeps its promise; undefined where there is none. */
export function holds(row: Row): boolean | undefined {
  const quantity = row.target && row[row.target.of]
  return row.target && quantity ? quantity.value <= row.target.most : undefined
}
