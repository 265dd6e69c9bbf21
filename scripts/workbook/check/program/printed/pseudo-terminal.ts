import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Why no program can be started at a terminal here; undefined where one can. */
export function noTerminal(): string | undefined {
  hasScript ??= /util-linux/.test(spawnSync('script', ['--version'], { encoding: 'utf8', timeout: 5000 }).stdout ?? '')
  return hasScript ? undefined : 'script(1) of util-linux is missing here, which makes a terminal'
}

let hasScript: boolean | undefined

/**
 * A terminal of its own for a program, as nobody has it who is started by us: script(1) makes one, and what
 * is written to its standard input is typed there.
 */
export class Terminal {
  private readonly folder: string

  /** @param folder in which it keeps its notes */
  constructor(folder: string) {
    this.folder = folder
  }

  /** The command that runs another at the terminal. */
  command(words: readonly string[]): string[] {
    const file = (name: string) => quoted(join(this.folder, name))
    const line = [
      // Ctrl-C is for the program.
      'trap : INT',
      `echo $$ >${file('group')}`,
      `stty -g >${file('before')}`,
      // script(1) needs a SHELL of its own; the program finds the reader's.
      process.env.SHELL === undefined ? 'unset SHELL' : `SHELL=${quoted(process.env.SHELL)}`,
      words.map(quoted).join(' '),
      'code=$?',
      `stty -g >${file('after')}`,
      'exit $code',
    ].join('; ')
    return ['env', 'SHELL=/bin/sh', 'script', '-qfec', line, '/dev/null']
  }

  /** The process group of those who sit at it; undefined before they do. It outlives the terminal if they do. */
  get group(): number | undefined {
    return Number(this.noted('group')) || undefined
  }

  /** Whether its settings are after the program what they were before. */
  get restored(): boolean {
    return this.noted('after') !== '' && this.noted('after') === this.noted('before')
  }

  private noted(name: string): string {
    try {
      return readFileSync(join(this.folder, name), 'utf8')
    } catch {
      return ''
    }
  }
}

function quoted(word: string): string {
  return `'${word.replaceAll('\'', '\'\\\'\'')}'`
}
