import { addresses } from '../../../../tests/lessons/13-addresses/mistakes.ts'
import { bothSides } from '../../../../tests/lessons/19-both-sides-show-papers/mistakes.ts'
import { bytes } from '../../../../tests/lessons/shared/mistakes/bytes.ts'
import { commandLine } from '../../../../tests/lessons/12-the-command-line/mistakes.ts'
import { counting } from '../../../../tests/lessons/10-a-shared-counter/mistakes.ts'
import type { Diagnosis } from './mistake.ts'
import { inspecting } from '../../../../tests/lessons/16-a-key-and-a-certificate/mistakes.ts'
import { life } from '../../../../tests/lessons/shared/mistakes/life.ts'
import { limits } from '../../../../tests/lessons/14-limits/mistakes.ts'
import { lockedKey } from '../../../../tests/lessons/20-a-locked-key/mistakes.ts'
import { place } from '../../../../tests/lessons/shared/mistakes/place.ts'
import { stopping } from '../../../../tests/lessons/15-a-clean-stop/mistakes.ts'
import { afterEnd, talk } from '../../../../tests/lessons/shared/mistakes/talk.ts'
import { threads } from '../../../../tests/lessons/11-threads/mistakes.ts'
import { tls } from '../../../../tests/lessons/17-echo-over-tls/mistakes.ts'
import { trust } from '../../../../tests/lessons/18-whom-do-you-trust/mistakes.ts'
import { vanishing } from '../../../../tests/lessons/09-when-a-client-vanishes/mistakes.ts'
import { toStdout, words } from '../../../../tests/lessons/shared/mistakes/words.ts'
import { writing } from '../../../../tests/lessons/shared/mistakes/writing.ts'
import type { Situation } from './situation.ts'

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
