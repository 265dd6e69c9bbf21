import { spawnSync } from 'node:child_process'
import { notProved } from './not-proved.ts'

// The superuser may do everything: without these capabilities they are as other people are (setpriv(1)).
const UNPRIVILEGED = ['setpriv', '--bounding-set', '-dac_override,-dac_read_search,-fowner', '--inh-caps', '-all']

/** The command line that runs `argv` as somebody to whom files can be forbidden. */
export function unprivileged(argv: readonly string[]): string[] {
  return process.getuid?.() === 0 && hasSetpriv() ? [...UNPRIVILEGED, ...argv] : [...argv]
}

/** Whether files can be forbidden to this user at all. */
export function canForbid(): boolean {
  if (process.platform !== 'win32' && (process.getuid?.() !== 0 || hasSetpriv())) return true
  notProved('what happens to files that may not be read or written: this user may do everything')
  return false
}

function hasSetpriv(): boolean {
  return spawnSync('setpriv', [...UNPRIVILEGED.slice(1), 'true'], { stdio: 'ignore' }).status === 0
}
