import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync } from 'node:fs'
import { constants } from 'node:os'
import { join, relative } from 'node:path'
import { copyPapers } from '../../certs/make.ts'
import { isListening } from '../../machine/listening.ts'
import { Failure } from '../explain/failure.ts'
import { signalGroup, type Guardian } from './guardian.ts'
import { idleAt, listenersOf } from '../../machine/sockets.ts'
import { Output } from './output.ts'
import { DEADLINES, runLine, type Setting } from '../setting.ts'
import { Terminal } from './pseudo-terminal.ts'

/** How a program is started. */
export interface StartOptions {
  /** Its clock runs so many times as fast, or below 1 as slowly: for programs whose own patience is checked. */
  clock?: number
  /** What it finds on its standard input, which is empty otherwise. */
  input?: Buffer
  /** So many files and sockets it may have open at a time: `ulimit -n`. */
  descriptors?: number
  /** The folder in which it finds and leaves its files: unless given, one with nothing but `certs/` in it. */
  cwd?: string
  /** It finds no `certs/` but what is in `cwd` already. */
  papers?: false
  /** What the reader would write in front of the command: HOST and PORT, of which it finds none otherwise. */
  env?: Readonly<Record<string, string>>
  /** At a terminal of its own, where noTerminal() has nothing against it; both streams are in one there. */
  terminal?: true
  /** As an ordinary user in a network of its own, in which nobody else is; Linux, where unshare(1) works. */
  unprivileged?: true
}

/** A program under test: a child process with a group of its own, whose output is kept. */
export class Program {
  readonly file: string
  /** The folder in which it was started: not the one with the reader's files, where it could leave more of them. */
  readonly cwd: string
  /** How the reader starts it. */
  readonly typed: string
  /** What it prints is part of what is checked. */
  readonly output = new Output()
  readonly errorOutput = new Output()
  /** 128 plus the signal's number where a signal ended it, as a shell says it. */
  exitCode: number | undefined
  /** The terminal at which it was started. */
  readonly terminal: Terminal | undefined
  private readonly child: ChildProcess
  private readonly guardian: Guardian
  private readonly patience: number

  /**
   * Starts `file` of the folder with its arguments.
   * @throws Failure when there is no such file
   */
  constructor(
    setting: Setting, guardian: Guardian, file: string, args: readonly string[] = [], options: StartOptions = {},
  ) {
    const { folder, bundles, problems, tsx, tsWorkers, patience, root } = setting
    const problem = problems[file]
    if (problem !== undefined) throw new Failure('no-program', problem)
    if (!existsSync(join(folder, file))) throw new Failure('no-file', `there is no ${relative(root, join(folder, file))}`)
    this.file = file
    this.cwd = options.cwd ?? mkdtempSync(join(setting.scratch, 'run-'))
    if (setting.papers !== undefined && options.papers !== false) copyPapers(setting.papers, this.cwd)
    this.typed = runLine(setting, file, args)
    this.guardian = guardian
    this.patience = patience
    const bundle = bundles[file]
    const clock = options.clock === undefined ? [] : ['--import', join(root, 'scripts/workbook/check/program/fast-clock.mjs')]
    const program = bundle === undefined
      ? ['--import', tsx, '--import', tsWorkers, ...clock, join(folder, file)]
      : ['--enable-source-maps', ...clock, bundle]
    const clockEnv = options.clock === undefined ? {} : { FAST_CLOCK: String(options.clock) }
    const prefix = options.unprivileged ? ['unshare', '-Un'] : []
    this.terminal = options.terminal && new Terminal(mkdtempSync(join(setting.scratch, 'terminal-')))
    const whole = limited([...prefix, process.execPath, ...program, ...args], options.descriptors)
    const [command = '', ...words] = this.terminal?.command(whole) ?? whole
    this.child = spawn(command, words, {
      cwd: this.cwd,
      detached: true,
      stdio: [options.input || this.terminal ? 'pipe' : 'ignore', 'pipe', 'pipe'],
      env: { ...bareEnvironment(), ...options.env, ...clockEnv },
    })
    guardian.watch(this.pid)
    this.child.stdin?.on('error', () => {})
    if (!this.terminal) this.child.stdin?.end(options.input)
    this.child.stdout?.on('data', (data: Buffer) => this.output.push(this.terminal ? data.filter(byte => byte !== RETURN) as Buffer : data))
    this.child.stderr?.on('data', (data: Buffer) => this.errorOutput.push(data))
    this.child.on('exit', (code, signal) => {
      this.exitCode = code ?? 128 + (signal ? constants.signals[signal] : 0)
    })
  }

  get pid(): number {
    return this.child.pid ?? 0
  }

  get running(): boolean {
    return this.exitCode === undefined
  }

  /** What it has written to standard error. */
  get errors(): string {
    return this.errorOutput.bytes.toString('utf8')
  }

  /**
   * Waits until it listens on `port`.
   * @param host the one address that will do, instead of any at which a call to 127.0.0.1 arrives
   * @throws Failure when it ends before, or does not listen in time, or does something else instead
   */
  async listening(port: number, host?: string): Promise<void> {
    const deadline = Date.now() + DEADLINES.start * this.patience
    let idle: { ticks: number, since: number } | undefined
    let since: number | undefined
    while (Date.now() < deadline && this.running) {
      const holds = await this.holds(port, host)
      const ticks = idleAt(this.pid)
      if (holds) {
        since ??= Date.now()
        // What still does something may be on its way out.
        if (ticks !== undefined || Date.now() - since > SETTLES) return
      }
      if (ticks === undefined) idle = undefined
      else if (ticks !== idle?.ticks) idle = { ticks, since: Date.now() }
      else if (Date.now() - idle.since > IDLE * this.patience) break
      await new Promise(resolve => setTimeout(resolve, POLL))
    }
    // Its last words may still be on their way.
    if (!this.running) await this.ended()
    const place = host === undefined ? `port ${port}` : `${host} port ${port}`
    const evidence = { program: this, place: { port, ...(host !== undefined && { host }) } }
    throw this.running
      ? new Failure('not-listening', `your program runs, but it does not listen on ${place}`, evidence)
      : new Failure('ended', `your program ended with exit code ${this.exitCode} instead of listening on ${place}`, evidence)
  }

  /**
   * Waits until it has nothing more to do: what it starts beside listening, such as threads, may still
   * be starting. Returns at once where the kernel cannot be asked.
   */
  async settled(): Promise<void> {
    let idle: { ticks: number | undefined, since: number } | undefined
    for (const deadline = Date.now() + BUSY * this.patience; process.platform === 'linux' && Date.now() < deadline;) {
      const ticks = idleAt(this.pid)
      if (ticks === undefined || ticks !== idle?.ticks) idle = { ticks, since: Date.now() }
      else if (Date.now() - idle.since > STILL * this.patience) return
      await new Promise(resolve => setTimeout(resolve, POLL))
    }
  }

  /**
   * Waits until it prints exactly this line, passing over others.
   * @throws Failure when it does not in time
   */
  async says(line: string): Promise<void> {
    await this.line(printed => printed === line, line)
  }

  /**
   * Waits until it prints a line that fits, passing over others.
   * @param wanted a line that would fit, for the reader
   * @throws Failure when none comes in time
   */
  async line(fits: (line: string) => boolean, wanted: string): Promise<string> {
    const deadline = Date.now() + DEADLINES.line * this.patience
    for (;;) {
      const line = this.output.take(fits)
      if (line !== undefined) return line
      if (Date.now() > deadline || this.drained) break
      await this.moved(deadline - Date.now())
    }
    const again = this.output.seen.includes(wanted) ? ' once more' : ''
    throw new Failure('no-line', `your program should print the line "${wanted}"${again}`, { program: this, wanted })
  }

  /**
   * Waits until what it has printed fits, the line that is not complete too.
   * @param wanted what would fit, for the reader
   * @throws Failure when it does not in time
   */
  async asks(fits: RegExp, wanted: string): Promise<void> {
    const deadline = Date.now() + DEADLINES.start * this.patience
    while (!fits.test(this.output.bytes.toString('utf8'))) {
      if (Date.now() > deadline || this.drained) throw new Failure('no-line', `your program should ask: "${wanted}"`, { program: this, wanted })
      await this.moved(deadline - Date.now())
    }
  }

  /** Types at its terminal. */
  type(keys: string): void {
    const group = this.terminal?.group
    if (group !== undefined) this.guardian.watch(group)
    this.child.stdin?.write(keys)
  }

  /**
   * Waits for its end, and for the last of its output.
   * @returns the exit code
   */
  async ended(ms: number = DEADLINES.end): Promise<number> {
    if (!this.drained) {
      const over = AbortSignal.timeout(Math.round(ms * this.patience))
      await once(this.child, 'close', { signal: over }).catch(() => {})
    }
    if (this.exitCode === undefined) {
      throw new Failure('runs-on', `your program should have ended within ${ms / 1000} s, and it runs on`, { program: this })
    }
    return this.exitCode
  }

  /** Sends a signal to its whole process group, as Ctrl-C at a terminal does. */
  signal(name: NodeJS.Signals): void {
    signalGroup(this.pid, name)
  }

  /** Ends its whole process group at once, whatever it does with signals. */
  async kill(): Promise<void> {
    this.signal('SIGKILL')
    const group = this.terminal?.group
    if (group !== undefined) {
      signalGroup(group, 'SIGKILL')
      this.guardian.forget(group)
    }
    if (this.running && this.child.pid !== undefined) await once(this.child, 'exit')
    this.guardian.forget(this.pid)
    this.child.stdout?.destroy()
    this.child.stderr?.destroy()
  }

  private async holds(port: number, host?: string): Promise<boolean> {
    // Without a look into processes we take the word of the port: it was free before we started.
    if (process.platform !== 'linux') return await isListening(port)
    const hosts = host === undefined ? CALLED : [host]
    return listenersOf(this.pid).some(door => door.port === port && hosts.includes(door.host))
  }

  private get drained(): boolean {
    return !this.running && (this.child.stdout?.readableEnded ?? true)
  }

  private async moved(ms: number): Promise<void> {
    const done = new AbortController()
    const timer = setTimeout(() => done.abort(), ms)
    const { signal } = done
    // The close of the child comes when it has ended and its output has, in whichever order.
    await Promise.race([once(this.child.stdout!, 'data', { signal }), once(this.child, 'close', { signal })]).catch(() => {})
    clearTimeout(timer)
    done.abort()
  }
}

/** The addresses at which a call to 127.0.0.1 arrives. */
const CALLED = ['127.0.0.1', '0.0.0.0', '::']
/** A program that does nothing for so long, and does not listen, is not about to. In milliseconds. */
const IDLE = 400
/** A program that listens and is busy for so long is not about to end. In milliseconds. */
const SETTLES = 100
const POLL = 10
/** What a terminal puts in front of each newline. */
const RETURN = 0x0d
/** How long it has to do nothing to be settled, and how long that is waited for. In milliseconds. */
const STILL = 100
const BUSY = 1000

// Node raises a soft limit to the hard one when it starts; without -S or -H the shell sets both.
function limited(command: readonly string[], descriptors?: number): string[] {
  return descriptors === undefined ? [...command] : ['sh', '-c', 'ulimit -n "$0" && exec "$@"', String(descriptors), ...command]
}

// What a program prints is compared, and a reader's terminal settings must not change it. From lesson
// 12 on, HOST and PORT say where it listens, and from 20 on PASSPHRASE opens its key; some shells and build
// tools set them for their own purposes.
function bareEnvironment(): NodeJS.ProcessEnv {
  const { FORCE_COLOR: _, NODE_OPTIONS: _options, HOST: _host, PORT: _port, PASSPHRASE: _secret, ...env } = process.env
  return { ...env, NO_COLOR: '1' }
}
