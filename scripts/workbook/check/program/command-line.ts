import { relative, join } from 'node:path'

/** A program as the reader would start it. */
export interface Command {
  /** The folder that holds package.json, and the one with the program, both absolute. */
  root: string
  folder: string
  /** `server.ts` */
  file: string
  args: readonly string[]
  /** So many files and sockets it may have open at a time: `ulimit -n`. */
  descriptors?: number
  /** As an ordinary user in a network of its own. */
  unprivileged?: boolean
}

/** The script of package.json that starts programs of this folder: its name, and what npm hands to the shell. */
export function scriptOf({ root, folder }: Pick<Command, 'root' | 'folder'>): { event: string, script: string } {
  const lesson = /^code[\\/]0*(\d+)-[^\\/]*$/.exec(relative(root, folder))?.[1]
  return lesson === undefined || folder === join(root, 'workspace')
    ? { event: 'mine', script: 'node scripts/run.mjs mine' }
    : { event: `lesson:${lesson}`, script: `node scripts/run.mjs lesson ${lesson}` }
}

/**
 * What is to be started, so that the program's parent is what npm's shell would be. Signals are sent to the
 * whole group, as a terminal does it, and the shell must live to tell the exit code: it ignores them, and
 * Node, which takes every signal back when it starts, does not.
 */
export function commandLine(command: Command): string[] {
  const { file, args, descriptors, unprivileged } = command
  const name = file.replace(/\.ts$/, '')
  const words = name === 'server' && !namesProgram(args) ? args : [name, ...args]
  const line = [scriptOf(command).script, ...words.map(escaped)].join(' ')
  // Node raises a soft limit to the hard one when it starts; without -S or -H the shell sets both.
  const limit = descriptors === undefined ? '' : `ulimit -n ${descriptors} && `
  return [...unprivileged ? ['unshare', '-Un'] : [], 'sh', '-c', `trap '' ${IGNORED.join(' ')}; ${limit}exec sh -c "$0"`, line]
}

const IGNORED = ['HUP', 'INT', 'QUIT', 'USR1', 'USR2', 'TERM']

// The first word would be taken for the name of a program.
function namesProgram([first]: readonly string[]): boolean {
  return first !== undefined && !first.startsWith('-')
}

/** A word as npm writes it into the line for the shell (@npmcli/run-script, lib/escape.js). */
function escaped(word: string): string {
  if (word === '') return '\'\''
  if (!/[\t\n\r "#$&'()*;<>?\\`|~]/.test(word)) return word
  return `'${word.replaceAll('\'', '\'\\\'\'')}'`.replace(/^(?:'')+(?!$)/, '').replaceAll('\\\'\'\'', '\\\'')
}
