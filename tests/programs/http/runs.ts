import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'vitest'
import { listLessons } from '../../../scripts/workbook/book/list.ts'
import { isolated } from '../../../scripts/workbook/machine/isolate.ts'
import { ROOT } from '../../support/command.ts'
import { filesIn } from '../../support/memory.ts'
import { hasOwnNetwork } from '../../support/own-network.ts'

const SLUG = 'applications'

/** The server that is tried: the first that can be given an application. */
export const folder = join(ROOT, 'code', listLessons(ROOT).find(({ folder }) => folder.endsWith(`-${SLUG}`))?.folder ?? SLUG)
export const own = hasOwnNetwork('the web server beside others')
export const ingredients = [process.version, ...filesIn(folder), ...filesIn(import.meta.dirname)]

/** In milliseconds: for what hangs. */
const DEADLINE = 850_000

/** Runs a program of this folder in a network of its own. */
export async function printedBy(file: string, ...args: string[]): Promise<string> {
  const [program = '', ...words] = isolated([process.execPath, '--import', 'tsx', join(import.meta.dirname, file), ...args])
  const options = { cwd: ROOT, timeout: DEADLINE, maxBuffer: 1 << 26 }
  const { stdout, stderr } = await promisify(execFile)(program, words, options)
  expect(stderr).toBe('')
  return stdout
}
