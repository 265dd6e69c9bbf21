import { appendFileSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ROOT } from './command.ts'

/** Where the tests leave what they have not tried because this run is a quick one. */
export const LEFT_FILE = join(ROOT, '.cache/left-to-ci.txt')

/** Whether everything is to be proved, as with CI=true or `npm test -- --all`. */
export const WHOLE = process.env.CI === 'true' || process.env.WHOLE === 'true'

/**
 * Whether this run proves it; a quick one leaves it to CI, and says so in the last lines.
 * @param what a line such as `the site in a browser`
 */
export function inWhole(what: string): boolean {
  if (!WHOLE) {
    mkdirSync(dirname(LEFT_FILE), { recursive: true })
    appendFileSync(LEFT_FILE, `${what}\n`)
  }
  return WHOLE
}
