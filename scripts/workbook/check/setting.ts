import { join, relative } from 'node:path'
import type { Facts } from './lesson.ts'

/** What every story of a check has in common. Plain data, for it travels to other processes. */
export interface Setting {
  /** The folder that holds package.json. */
  root: string
  /** Absolute path of the folder with the program under test. */
  folder: string
  /** The number of the lesson that is checked. */
  lesson: number
  facts: Facts
  seed: number
  /** How many times as long as usual to wait for what has to come, as patienceFor() gives it. */
  patience: number
  /** Why a program cannot be started, in one line, by file name. */
  problems: Record<string, string>
  /** The folder of the workbook that the checker belongs to; `root` may be another book. */
  home: string
  /** A folder in which programs are started, each in one of its own; it is removed after the check. */
  scratch: string
  /** The folder with the `certs/` that programs find where they are started. */
  papers?: string
}

/** The port of the lessons. */
export const PORT = 12345

/** Deadlines in milliseconds, before patience. What holds takes far less; what fails must end within 6 s. */
export const DEADLINES = {
  /** Until a program listens. */
  start: 2500,
  /** Until a line is printed. */
  line: 1500,
  /** Until a program has ended by itself. */
  end: 2000,
  /** Until a program has ended that was told to. */
  stop: 1000,
  connect: 1500,
  /** Until a client and the server have agreed on keys, though hundreds do so at once. */
  handshake: 2500,
  /** Without a byte from the other side. */
  silence: 1500,
  /** For all bytes of one answer, however steadily they come. */
  answer: 2500,
  /** For a whole story, besides what the programs that it starts take to start; what holds takes a tenth of it. */
  story: 4500,
  /** For a story that is told again, in the same way. */
  again: 1500,
} as const

/** The command line with which a reader starts a program of the folder. */
export function runLine({ root, folder }: Setting, file: string, args: readonly string[] = []): string {
  const words = args.map(quoted)
  const program = file.replace(/\.ts$/, '')
  // npm takes options for its own unless they stand behind two dashes.
  const ours = args.some(arg => arg.startsWith('-')) ? ['--', ...words] : words
  const rest = program === 'server' && (words.length === 0 || ours !== words) ? ours : [program, ...ours]
  if (folder === join(root, 'workspace')) return ['npm run mine', ...rest].join(' ')
  const lesson = /^code\/0*(\d+)-/.exec(relative(root, folder))?.[1]
  if (lesson !== undefined) return [`npm run lesson:${lesson}`, ...rest].join(' ')
  const place = relative(root, folder)
  return ['node --import tsx', quoted(join(place.startsWith('..') ? folder : place, file)), ...words].join(' ')
}

/** A word as a shell has to be given it. */
export function quoted(word: string): string {
  return /^[\w./:=-]+$/.test(word) ? word : `'${word.replaceAll('\'', '\'\\\'\'')}'`
}
