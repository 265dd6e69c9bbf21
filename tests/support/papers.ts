import { noOpenssl } from '../../scripts/workbook/certs/make.ts'
import { notProved } from './not-proved.ts'
import { room } from './rooms.ts'

/**
 * Whether a lesson can be checked on this machine; what cannot is noted.
 * @param what the proof that is left out, in words
 */
export function canCheck(lesson: number, what: string): boolean {
  const missing = room(lesson).facts.papers.length === 0 ? undefined : noOpenssl()
  if (missing !== undefined) notProved(`${what} of lessons with keys and certificates: ${missing}`)
  return missing === undefined
}
