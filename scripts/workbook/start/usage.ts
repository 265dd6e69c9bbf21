import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { COMMANDS, type Row } from './help.ts'
import { didYouMean, Problem } from '../problem.ts'
import { PROJECT_ROOT } from '../project.ts'

const WIDTH = 24

/** `npm run help`, on one screen. */
export const OVERVIEW = [
  'Port 12345, a networking workbook that you run',
  '',
  ...(['Read', 'Run', 'Write'] as const).flatMap(part => [
    part, ...Object.values(COMMANDS).filter(command => command.part === part).flatMap(({ rows }) => rows.map(show)),
  ]),
  '',
  'More on one: npm run help try. To prove or to change the book: CONTRIBUTING.md.',
].join('\n')

/**
 * `npm run help try`
 * @throws Problem with exit code 2 for a command that is not there
 */
export function usageOf(name: string): string {
  const command = COMMANDS[name]
  if (!command) {
    throw new Problem(`there is no command "${name}". ${didYouMean(name, Object.keys(COMMANDS))}`, { exitCode: 2 })
  }
  const { rows, options = [], more, own } = command
  const after = options.length > 0 && ['Options, after --:', ...options.map(show)].join('\n')
  return own ?? [rows.map(show).join('\n'), after, more].filter(Boolean).join('\n\n')
}

/**
 * What a command answers to `--help` or `-h` in the place of doing anything.
 * @returns undefined when the command answers by itself, or the word is for a program, which may have a help of its own
 */
export function helpFor(name: string, argv: readonly string[], root = PROJECT_ROOT): string | undefined {
  return asksForHelp(name, argv, root) ? usageOf(name) : undefined
}

function asksForHelp(name: string, argv: readonly string[], root: string): boolean {
  if (COMMANDS[name]?.own !== undefined) return false
  // OpenBSD's nc has -h.
  const isHelp = (word?: string) => word === '--help' || (word === '-h' && name !== 'nc')
  if (name === 'lesson') return isHelp(argv[0])
  if (name === 'mine') return isHelp(argv[0]) && !existsSync(join(root, 'workspace/server.ts'))
  return argv.some(isHelp)
}

function show([typed, what]: Row): string {
  return `  ${typed.padEnd(WIDTH)}   ${what}`
}
