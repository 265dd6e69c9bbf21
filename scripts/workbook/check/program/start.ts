import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync } from 'node:fs'
import { constants } from 'node:os'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { copyPapers } from '../../certs/make.ts'
import { Failure } from '../explain/failure.ts'
import { signalGroup, type Guardian } from './guardian.ts'
import type { Output } from './printed/output.ts'
import type { Setting } from '../setting.ts'
import { noTerminal, Terminal } from './printed/pseudo-terminal.ts'
import { commandLine, scriptOf } from './command-line.ts'
import { npmEnvironment } from './environment.ts'
import { PrintedFile } from './printed/printed-file.ts'
import { groupOf, livesIn, markedWith, programOf } from './process-tree.ts'
import { furnish, projectFolder } from './project-folder.ts'

/** How a program is started. */
export interface StartOptions {
  /** Its clocks run so many times as fast, or below 1 as slowly: for programs whose own patience is checked. */
  clock?: number
  /** What it finds on its standard input, which is empty otherwise. */
  input?: Buffer
  /** So many files and sockets it may have open at a time: `ulimit -n`. */
  descriptors?: number
  /** The folder in which it finds and leaves its files: unless given, one that stands for the project's. */
  cwd?: string
  /** It finds no `certs/` but what is in `cwd` already. */
  papers?: false
  /** What the reader would write in front of the command: HOST and PORT, of which it finds none otherwise. */
  env?: Readonly<Record<string, string>>
  /** At a terminal of its own, where noTerminal() has nothing against it; both streams are in one there. */
  terminal?: true | 'where there is one'
  /** As an ordinary user in a network of its own, in which nobody else is; Linux, where unshare(1) works. */
  unprivileged?: true
}

/** A program that has been started, as `npm run mine` would have: its processes, and what they print. */
export class Started {
  readonly cwd: string
  readonly terminal: Terminal | undefined
  readonly child: ChildProcess
  /** 128 plus the signal's number where a signal ended it, as a shell says it. */
  exitCode: number | undefined
  private readonly guardian: Guardian
  private readonly files: PrintedFile[]
  private found: number | undefined

  /**
   * @param print where its standard output and error go
   * @throws Failure when there is no such program, or none that can be started
   */
  constructor(
    setting: Setting, guardian: Guardian, file: string, args: readonly string[], options: StartOptions,
    print: readonly [Output, Output],
  ) {
    const { folder, home, problems, root, scratch } = setting
    const problem = problems[file]
    const path = join(folder, file)
    if (problem !== undefined) throw new Failure('no-program', problem)
    if (!existsSync(path)) throw new Failure('no-file', `there is no ${relative(root, path)}`)
    this.guardian = guardian
    this.cwd = options.cwd ?? projectFolder(scratch, root)
    if (setting.papers !== undefined && options.papers !== false) copyPapers(setting.papers, this.cwd)
    const clock = pathToFileURL(join(home, 'scripts/workbook/check/program/fast-clock.mjs')).href
    furnish(this.cwd, root, {
      programs: folder, home, words: scriptOf(setting).script.split(' ').length, ...options.clock !== undefined && { preload: `${clock}?speed=${options.clock}` },
    })
    const notes = mkdtempSync(join(scratch, 'y'))
    const { descriptors, terminal, unprivileged = false } = options
    const limits = { unprivileged, ...descriptors !== undefined && { descriptors } }
    const whole = commandLine({ root, folder, file, args, ...limits })
    this.terminal = terminal === true || (terminal && noTerminal() === undefined) ? new Terminal(notes) : undefined
    const [command = '', ...words] = this.terminal?.command(whole) ?? whole
    this.files = print.map((output, index) => new PrintedFile(join(notes, String(index)), {
      take: data => output.push(this.terminal ? asPiped(data) : data),
      pause: signal => this.signal(signal),
    }))
    process.title = STANDS_FOR
    this.child = spawn(command, words, {
      cwd: this.cwd,
      detached: true,
      stdio: [options.input || this.terminal ? 'pipe' : 'ignore', ...this.files.map(({ fd }) => fd)],
      env: { ...npmEnvironment(process.env, scriptOf(setting), root, this.cwd), ...options.env },
    })
    guardian.watch(this.group)
    this.child.stdin?.on('error', () => {})
    if (!this.terminal) this.child.stdin?.end(options.input)
    this.child.on('exit', (code, signal) => {
      this.exitCode = code ?? 128 + (signal ? constants.signals[signal] : 0)
    })
  }

  /** The process of the program itself; undefined until it is there, behind the shell that starts it. */
  get process(): number | undefined {
    if (this.found === undefined && this.running) this.found = programOf(this.group)
    return this.found
  }

  /** The same, or what starts it. */
  get pid(): number {
    return this.process ?? this.group
  }

  get running(): boolean {
    return this.exitCode === undefined
  }

  /** Whether one of its processes is still there, those included that it has started itself. */
  get lives(): boolean {
    return livesIn(this.group) || markedWith(`INIT_CWD=${this.cwd}\0`).length > 0
  }

  /** Reads all that it has printed. */
  catchUp(): void {
    for (const file of this.files) file.read()
  }

  /** Sends a signal to its whole process group, as Ctrl-C at a terminal does. */
  signal(name: NodeJS.Signals): void {
    signalGroup(this.group, name)
  }

  /** Ends all its processes, whatever they do with signals, and those that have left its group. */
  end(): void {
    const seat = this.terminal?.group
    if (this.running) this.catchUp()
    this.signal('SIGKILL')
    if (seat !== undefined) signalGroup(seat, 'SIGKILL')
    for (const pid of markedWith(`INIT_CWD=${this.cwd}\0`)) {
      const group = groupOf(pid)
      // Another program in the same folder is not ours to end.
      if (group !== undefined && group !== this.group && this.guardian.watches(group)) continue
      try {
        process.kill(pid, 'SIGKILL')
      } catch { /* It has ended by itself. */ }
    }
    if (seat !== undefined) this.guardian.forget(seat)
    this.guardian.forget(this.group)
  }

  /** Nothing that it prints is of interest any more. */
  close(): void {
    for (const file of this.files) file.close()
  }

  private get group(): number {
    return this.child.pid ?? 0
  }
}

/** What starts a reader's program is npm, and that is what it calls itself. */
const STANDS_FOR = 'npm run mine'

/** What was printed at a terminal, as it would have been printed anywhere else. */
function asPiped(data: Buffer): Buffer {
  return Buffer.from(data.toString('latin1').replace(COLOUR_OR_RETURN_RE, ''), 'latin1')
}

const COLOUR_OR_RETURN_RE = /\r|\x1b\[[\d;]*m/g
