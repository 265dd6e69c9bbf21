import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CHECK_HELP } from '../check/report/help.ts'
import { HELP as NC_HELP } from '../nc/options.ts'
import { didYouMean, Problem } from '../problem.ts'
import { PROJECT_ROOT } from '../project.ts'

/** What is typed, and what it does. */
export type Row = readonly [typed: string, what: string]

export interface Usage {
  /** Where `npm run help` lists it; without this it is a command for those who change the book. */
  part?: 'Read' | 'Run' | 'Write'
  rows: readonly Row[]
  options?: readonly Row[]
  /** What else its own `--help` says. */
  more?: string
  /** What it answers to `--help` by itself, in the place of all of this. */
  own?: string
}

const PORT: Row = ['--port N', 'another port than 4321; 0 for any that is free']

/** The commands, in the order in which a reader needs them. */
export const COMMANDS: Record<string, Usage> = {
  start: { part: 'Read', rows: [['npm start', 'the book, on http://127.0.0.1:4321']], options: [PORT] },
  lesson: {
    part: 'Run',
    rows: [['npm run lesson', 'which lessons there are'], ['npm run lesson:6', 'runs the program of lesson 6']],
    more: `npm run lesson:7 client runs another program of the lesson. What follows -- is
for the program: npm run lesson:12 -- --help is answered by the program itself.`,
  },
  try: {
    part: 'Run',
    rows: [['npm run try 6', 'plays the experiments of lesson 6']],
    options: [['--only WORDS', 'those whose title has the words'], ['--json', 'one report a line, for a program']],
    more: 'npm run try part-4 plays those of the page with which Part IV opens.',
  },
  doctor: {
    part: 'Run',
    rows: [['npm run doctor', 'which tools this machine has, and where to get more']],
    options: [['--json', 'the same for a program']],
  },
  certs: {
    part: 'Run',
    rows: [['npm run certs', 'makes the keys and certificates of lessons 16 on']],
    options: [['--renew', 'makes the certificates again; keys stay as they are']],
  },
  nc: { part: 'Run', rows: [['npm run nc -- -N 127.0.0.1 12345', 'the workbook\'s own nc']], more: NC_HELP },
  begin: { part: 'Write', rows: [['npm run begin', 'makes workspace/, the folder for your own code']] },
  mine: {
    part: 'Write',
    rows: [['npm run mine', 'runs your server.ts (mine client: your client.ts)']],
    more: 'What follows -- is for your program; once it is there, --help too.',
  },
  check: {
    part: 'Write',
    rows: [
      ['npm run check', 'checks the lesson you are on (check 5: lesson 5)'],
      ['npm run check -- --watch', 'checks again whenever you save, or press r'],
    ],
    own: CHECK_HELP,
  },
  hint: { part: 'Write', rows: [['npm run hint', 'one more hint for what failed last']] },
  compare: {
    part: 'Write',
    rows: [['npm run compare', 'your files against the book\'s, once they pass']],
    options: [['--now', 'before they pass'], ['--restore FILE', 'puts the book\'s file back, and keeps yours']],
    more: 'npm run compare 6 takes the program of lesson 6.',
  },
  next: { part: 'Write', rows: [['npm run next', 'on to the next lesson (next 6: to lesson 6)']] },
  'catch-up': {
    part: 'Write',
    rows: [['npm run catch-up 6', 'the program as it stands before lesson 6']],
    more: 'It is put into workspace/; what has the same names is kept in a folder there.',
  },
  progress: {
    part: 'Write',
    rows: [['npm run progress', 'what is done; -- --export FILE, -- --import FILE']],
    options: [
      ['--export FILE', 'writes it to a new file'],
      ['--import FILE', 'adds what such a file has'],
      ['--json', 'prints it for a program'],
    ],
  },
  help: { rows: [['npm run help', 'the commands'], ['npm run help try', 'one of them, as npm run try -- --help']] },
  test: {
    rows: [['npm test', 'proves all that can be proved on this machine']],
    options: [
      ['--all', 'everything, as CI does'],
      ['--anew', 'also what has not changed since it was proved'],
    ],
    more: `Other options and words are for vitest, and then nothing else is run:
npm test -- tests/workspace. Which there are: npx vitest run --help`,
  },
  build: { rows: [['npm run build', 'makes site/dist/, for any host or to open from disk']] },
  dev: { rows: [['npm run dev', 'serves the site, and shows each save']], options: [PORT] },
  new: {
    rows: [['npm run new "A title"', 'makes the places of the next lesson']],
    options: [['--begins NAME', 'another program begins in it: a small server']],
  },
  sync: {
    rows: [['npm run sync', 'brings what follows from the programs in step']],
    options: [['--check', 'writes nothing; exit code 1 if it would']],
  },
  carry: {
    rows: [
      ['npm run carry', 'merges a repair into the later programs'],
      ['npm run carry 4', 'the same, and leaves lessons 1 to 4 alone'],
    ],
    options: [['--since REV', 'what differs from REV; else from the last commit']],
  },
  bench: {
    rows: [['npm run bench', 'how fast and how small, each against a yardstick']],
    options: [
      ['--only WORDS', 'the parts whose name has the words'],
      ['--runs N', 'medians of N; else of 5'],
      ['--rounds N', 'checks of each program in verdicts; else 25'],
      ['--json FILE', 'also writes it for a program; - prints it instead'],
      ['--strict', 'exit code 1 when a promise is not kept'],
    ],
  },
}

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
