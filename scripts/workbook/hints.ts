import type { Verdict } from './behaviours/verdict.ts'

/** One step of help, from a nudge to nearly the answer. */
export interface Hint {
  /** The id of the lesson whose file has it. */
  lesson: string
  /** Its place in that file, from 1. */
  number: number
  /** Markdown in the book's voice. */
  text: string
  /** The ids of the behaviours that it helps with. */
  behaviours: string[]
  /** The ids of the diagnoses that it answers; none when it fits any failure of those behaviours. */
  diagnoses: string[]
}

/**
 * The hints that fit a verdict, the first to show first; none when nothing failed.
 * @param root the folder that holds lessons/
 * @param lesson the id of the lesson that was checked
 */
export function hintsFor(_root: string, _lesson: string, _verdict: Verdict): Hint[] {
  return []
}
