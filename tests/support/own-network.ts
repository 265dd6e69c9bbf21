import { canIsolate } from '../../scripts/workbook/machine/isolate.ts'
import { notProved } from './not-proved.ts'

/**
 * Whether a program can have a network of its own on this machine; what cannot be proved without one is noted.
 * @param what the proof that is left out, in words
 */
export function hasOwnNetwork(what: string): boolean {
  if (!canIsolate()) notProved(`${what}: unshare cannot make a network of its own here`)
  return canIsolate()
}
