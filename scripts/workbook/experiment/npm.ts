import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const NPM_RUN_RE = /^npm run ([\w:-]+)(?: -- (.*)| ([\w.].*))?$/

/**
 * The command that `npm run` would hand to the shell, from package.json. npm itself takes longer to
 * start than most programs of the book, and starts dozens of times in one run of the experiments.
 * Anything but a plain `npm run NAME` stays as it is.
 */
export function withoutNpm(command: string, root: string): string {
  const [plainRun, name = '', behindDashes, words] = NPM_RUN_RE.exec(command) ?? []
  if (plainRun === undefined) return command
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
  const script = scripts[name]
  // npm keeps the first two dashes to itself, wherever they stand.
  const handed = behindDashes ?? words?.replace(/ -- /, ' ')
  return script === undefined ? command : `exec ${[script, handed].filter(Boolean).join(' ')}`
}
