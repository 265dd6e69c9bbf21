import { addresses } from './addresses.ts'
import { bothSides } from './both-sides.ts'
import { bytes } from './bytes.ts'
import { commandLine } from './command-line.ts'
import { counting } from './counting.ts'
import type { Diagnosis } from './diagnosis.ts'
import { inspecting } from './inspecting.ts'
import { life } from './life.ts'
import { limits } from './limits.ts'
import { lockedKey } from './locked-key.ts'
import { place } from './place.ts'
import { stopping } from './stopping.ts'
import { afterEnd, talk } from './talk.ts'
import { threads } from './threads.ts'
import { tls } from './tls.ts'
import { trust } from './trust.ts'
import { vanishing } from './vanishing.ts'
import { toStdout, words } from './words.ts'
import { writing } from './writing.ts'
import type { Situation } from '../situation.ts'

/**
 * Every mistake that is recognised, in the order in which they are looked for: what explains the
 * others comes first, for a program that has crashed has also printed nothing.
 */
export const DIAGNOSES: readonly Diagnosis[] = [
  ...writing, afterEnd, toStdout, ...tls, ...vanishing, ...threads, ...commandLine, ...addresses, ...limits,
  ...stopping, ...inspecting, ...trust, ...bothSides, ...lockedKey, ...life, ...place, ...bytes, ...talk, ...counting,
  ...words,
]

/** The mistake behind a failure, if it is a known one. */
export async function diagnose(
  situation: Situation,
): Promise<{ id: string, sentence: string, byHand?: readonly string[] } | undefined> {
  for (const { id, find, byHand } of DIAGNOSES) {
    const sentence = await find(situation)
    if (sentence !== undefined) return { id, sentence, ...(byHand && { byHand: byHand(situation) }) }
  }
  return undefined
}
