import type { Situation } from '../situation.ts'

/** A mistake that many make, and how it shows. */
export interface Diagnosis {
  id: string
  /**
   * Whether it is this one.
   * @returns one sentence to the reader without a full stop, or undefined
   */
  find(situation: Situation): string | undefined | Promise<string | undefined>
}
