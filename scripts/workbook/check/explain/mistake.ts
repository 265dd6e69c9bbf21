import type { Behaviour } from '../behaviour.ts'
import type { Wrong } from '../change.ts'
import type { Situation } from './situation.ts'

/** A mistake that many make, and how it shows. */
export interface Mistake {
  id: string
  /**
   * When it is looked for: what is wrong with the program as TypeScript first, then what belongs to a lesson
   * (unless said otherwise), then what shows in any.
   */
  rank?: 'language' | 'general'
  /** The behaviours that it breaks; any unless given. */
  of?: readonly Behaviour[]
  /**
   * Whether it is this one.
   * @returns one sentence to the reader without a full stop, or undefined
   */
  find(situation: Situation): string | undefined | Promise<string | undefined>
  /** It says all that is to say: no hint about the behaviour is nearer to the mistake. */
  enough?: true
  /** Programs that make it. */
  wrong?: readonly Wrong[]
  /** Commands that show this mistake, one for each terminal, where those of the behaviour do not. */
  byHand?(situation: Situation): readonly string[]
}
