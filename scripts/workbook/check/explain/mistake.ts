import type { Situation } from './situation.ts'

/** A mistake that many make, and how it shows. */
export interface Diagnosis {
  id: string
  /**
   * Whether it is this one.
   * @returns one sentence to the reader without a full stop, or undefined
   */
  find(situation: Situation): string | undefined | Promise<string | undefined>
  /** It says all that is to say: no hint about the behaviour is nearer to the mistake. */
  enough?: true
  /** Commands that show this mistake, one for each terminal, where those of the behaviour do not. */
  byHand?(situation: Situation): readonly string[]
}
