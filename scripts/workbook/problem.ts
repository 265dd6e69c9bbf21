import { closest, distance } from 'fastest-levenshtein'

/** Where in the project something is wrong. `file` is relative to the project's root; counts start at 1. */
export interface Position {
  file: string
  line?: number
  column?: number
}

/**
 * Something a person can mend: one line that says where, what was found and what to do.
 * Commands print it without a stack trace; everything else that is thrown is a bug of ours.
 */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly place: Position | undefined
  readonly remedy: string | undefined
  /** 1: it failed. 2: the command was used wrongly. */
  readonly exitCode: 1 | 2

  constructor(message: string, options: { place?: Position, remedy?: string, exitCode?: 1 | 2 } = {}) {
    super(message)
    this.place = options.place
    this.remedy = options.remedy
    this.exitCode = options.exitCode ?? 1
  }

  override toString(): string {
    const { file, line, column } = this.place ?? {}
    const where = [file, line, column].filter(part => part !== undefined).join(':')
    const sentence = /[.?!]$/.test(this.message) ? this.message : `${this.message}.`
    return escaped([where && `${where}:`, sentence, this.remedy].filter(Boolean).join(' '))
  }
}

/** The name of a file can hold what would steer the terminal of whoever reads it. */
export function escaped(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, sign => `\\x${sign.charCodeAt(0).toString(16).padStart(2, '0')}`)
}

/** Several problems found in one go, reported together, in the order of their places. */
export class Problems extends Error {
  override readonly name = 'Problems'
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    super(problems.map(String).join('\n'))
    this.problems = problems
  }

  override toString(): string {
    return this.message
  }
}

/** Runs each job, collects the problems they throw, and throws them all at the end. */
export function collectProblems(jobs: Iterable<() => void>): void {
  const problems: Problem[] = []
  for (const job of jobs) {
    try {
      job()
    } catch (error) {
      if (error instanceof Problem) problems.push(error)
      else if (error instanceof Problems) problems.push(...error.problems)
      else throw error
    }
  }
  if (problems.length === 1) throw problems[0]
  if (problems.length > 1) throw new Problems(problems)
}

/** The known name nearest to a wrong one, if it is near enough to have been meant. */
export function nearest(wrong: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined
  const found = closest(wrong, known)
  return distance(wrong, found) <= Math.max(2, Math.ceil(wrong.length / 2)) ? found : undefined
}

/** The sentence that ends an error about an unknown name. Of many names it gives the nearest alone. */
export function didYouMean(wrong: string, known: readonly string[]): string {
  const found = nearest(wrong, known)
  const meant = found !== undefined && `Did you mean "${found}"?`
  const listed = known.length <= MOST_LISTED && `Known are: ${known.join(', ') || 'none'}.`
  return [meant, listed].filter(Boolean).join(' ') || `The nearest is "${closest(wrong, known)}".`
}

/** What an error can list and still be read. */
const MOST_LISTED = 40
