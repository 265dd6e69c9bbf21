import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const NPM_RUN_RE = /^npm run ([\w:-]+)(?: -- (.*)| ([\w.].*))?$/
const PLAIN_NODE_RE = /^node [\w\s./:=-]+$/

/**
 * The command that `npm run` would hand to the shell, from package.json. npm itself takes longer to
 * start than most programs of the book, and starts dozens of times in one run of the experiments.
 * A plain `node …` takes the shell's place as well, for Ctrl-C in a terminal ends no shell. Anything else
 * stays as it is.
 */
export function withoutNpm(command: string, root: string): string {
  const [plainRun, name = '', behindDashes, words] = NPM_RUN_RE.exec(command) ?? []
  if (plainRun === undefined) return PLAIN_NODE_RE.test(command) ? `exec ${command}` : command
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
  const script = scripts[name]
  // npm keeps the first two dashes to itself, wherever they stand.
  const handed = behindDashes ?? words?.replace(/ -- /, ' ')
  return script === undefined ? command : `exec ${[script, handed].filter(Boolean).join(' ')}`
}
