/** Some bytes of a stream, enough to show what is wrong with it. */
export interface Bytes {
  /** How many there were in all. */
  length: number
  /** The position of the first byte that `hex` shows, from 0. */
  from: number
  /** At most 512 bytes around the first difference, two hexadecimal digits each. */
  hex: string
}

/**
 * What became of one behaviour. Plain data: `npm run check -- --json` prints one a line, with these
 * very names.
 */
export interface Verdict {
  /** The behaviour's id, which never changes: `echo-binary`. */
  id: string
  /** What should hold, as one line without a full stop. */
  title: string
  /** `not proved`: this system cannot show it, or not now. `not run`: something before it failed. */
  status: 'held' | 'failed' | 'not proved' | 'not run'
  /** The seed of its random numbers: the same seed tells the same story. */
  seed: number
  /** Why it failed or could not be proved, in one sentence without a full stop. */
  reason?: string
  /** It was not proved because others needed the processor: it may be another time. */
  busy?: true
  /** The mistake that was recognised: an id that never changes, and what it means for this program. */
  diagnosis?: { id: string, sentence: string }
  /** Shell commands with which the reader can see the same, one for each terminal, in this order. */
  byHand?: string[]
  /** What the checker sent on the connection that failed. */
  sent?: Bytes
  /** What came back. */
  received?: Bytes
  /** What should have come back. */
  expected?: Bytes
  /** The position of the first byte that differs. */
  differsAt?: number
  /** The line that should have been printed. */
  wanted?: string
  /** The line that was printed and is nearest to it. */
  nearest?: string
  /** Who waits for whom, where there was silence. */
  waiting?: string
  /** What the program under test wrote to standard error, at most 4,000 characters, escaped. */
  stderr?: string
  /** The hints that fit, as Markdown, the first to show first. */
  hints?: string[]
}

/** What became of a whole check. */
export interface CheckResult {
  /** The lesson that was checked: its id and its number. */
  lesson: { id: string, number: number }
  /** Absolute path of the folder whose program was checked. */
  folder: string
  seed: number
  /** One for each behaviour: the lesson's own first, then those of earlier lessons that still hold. */
  verdicts: Verdict[]
  /** Whether nothing failed and something was proved. */
  passed: boolean
  /** Whether all that can be proved here was: nothing was left out because the machine was too busy. */
  complete: boolean
  /** The first that failed. */
  failure?: Verdict
}
