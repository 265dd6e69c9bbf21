import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Problem } from '../problem.ts'
import { codeOf } from '../workspace/refusals.ts'

/**
 * Makes or writes something in the system's temporary folder.
 * @throws Problem when that cannot be written
 */
export function inTemporary<T>(operation: () => T): T {
  try {
    return operation()
  } catch (error) {
    if (codeOf(error) === '') throw error
    throw new Problem(`the temporary folder ${tmpdir()} cannot be written: ${codeOf(error)}`, {
      remedy: 'Make it, or room in it, or name another in TMPDIR.',
    })
  }
}

/**
 * Makes sure, before anything is done, that there is a temporary folder to do it in.
 * @throws Problem as inTemporary() does
 */
export function expectTemporary(): void {
  inTemporary(() => rmdirSync(mkdtempSync(join(tmpdir(), 'port-12345-'))))
}
