import { noOpenssl } from '../../scripts/workbook/certs/make.ts'
import { notProved } from './not-proved.ts'

/** From this lesson on the checks make keys and certificates. */
const FIRST = 16

/**
 * Whether a lesson can be checked on this machine; what cannot is noted.
 * @param what the proof that is left out, in words
 */
export function canCheck(lesson: number, what: string): boolean {
  const missing = lesson < FIRST ? undefined : noOpenssl()
  if (missing !== undefined) notProved(`${what} of lessons ${FIRST} and later: ${missing}`)
  return missing === undefined
}
