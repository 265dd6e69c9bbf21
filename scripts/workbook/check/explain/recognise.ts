import type { Mistake } from './mistake.ts'
import type { Situation } from './situation.ts'

/** The mistake behind a failure, if it is a known one: the first that fits. */
export async function recognise(
  situation: Situation, mistakes: readonly Mistake[],
): Promise<{ id: string, sentence: string, byHand?: readonly string[] } | undefined> {
  for (const { id, of, find, byHand } of mistakes) {
    if (of && !of.includes(situation.behaviour)) continue
    const sentence = await find(situation)
    if (sentence !== undefined) return { id, sentence, ...(byHand && { byHand: byHand(situation) }) }
  }
  return undefined
}
