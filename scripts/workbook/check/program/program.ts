import { once } from 'node:events'
import { isListening } from '../../machine/listening.ts'
import { Started, type StartOptions } from './start.ts'
import { Failure } from '../explain/failure.ts'
import type { Guardian } from './guardian.ts'
import { livesIn } from './process-tree.ts'
import { idleAt, listenersOf } from '../../machine/sockets.ts'
import { until } from '../../machine/until.ts'
import { Output } from './printed/output.ts'
import { DEADLINES, runLine, type Setting } from '../setting.ts'
import type { Terminal } from './printed/pseudo-terminal.ts'

export type { StartOptions } from './start.ts'

/** A program under test: what it prints and does, and what is expected of it. */
export class Program {
  readonly file: string
  /** The folder in which it was started: not the one with the reader's files, where it could leave more of them. */
  readonly cwd: string
  /** How the reader starts it. */
  readonly typed: string
  private readonly printed = new Output()
  private readonly complained = new Output()
  private readonly started: Started
  private readonly guardian: Guardian
  /** As in Setting. */
  patience: number

  /**
   * Starts `file` of the folder with its arguments.
   * @throws Failure when there is no such file
   */
  constructor(
    setting: Setting, guardian: Guardian, file: string, args: readonly string[] = [], options: StartOptions = {},
  ) {
    this.file = file
    this.typed = runLine(setting, file, args)
    this.guardian = guardian
    this.patience = setting.patience
    this.started = new Started(setting, guardian, file, args, options, [this.printed, this.complained])
    this.cwd = this.started.cwd
  }

  /** What it prints, up to now, which is part of what is checked. */
  get output(): Output {
    this.started.catchUp()
    return this.printed
  }

  get errorOutput(): Output {
    this.started.catchUp()
    return this.complained
  }

  get exitCode(): number | undefined {
    return this.started.exitCode
  }

  /** The terminal at which it was started. */
  get terminal(): Terminal | undefined {
    return this.started.terminal
  }

  get pid(): number {
    return this.started.pid
  }

  /** Whether it has left a process behind; or runs itself. */
  get lives(): boolean {
    return this.started.lives
  }

  get running(): boolean {
    return this.started.running
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
    const began = performance.now()
    const deadline = Date.now() + DEADLINES.start * this.patience
    let idle: { ticks: number, since: number } | undefined
    let since: number | undefined
    while (Date.now() < deadline && this.running) {
      this.expectNoFlood()
      const holds = await this.holds(port, host)
      const ticks = this.started.process === undefined ? undefined : idleAt(this.pid)
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
    // One that listens elsewhere has had the time to listen.
    const elsewhere = this.running && process.platform === 'linux' && listenersOf(this.pid).length > 0
    const evidence = {
      program: this, since: began, place: { port, ...(host !== undefined && { host }) },
      ...elsewhere && { certain: true },
    }
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
    const since = performance.now()
    const deadline = Date.now() + DEADLINES.line * this.patience
    for (;;) {
      const { running } = this
      const line = this.output.take(fits)
      if (line !== undefined) return line
      this.expectNoFlood()
      if (Date.now() > deadline || !running) break
      await this.moved()
    }
    const again = this.output.seen.includes(wanted) ? ' once more' : ''
    throw new Failure('no-line', `your program should print the line "${wanted}"${again}`, { program: this, wanted, since })
  }

  /**
   * Waits until what it has printed fits, the line that is not complete too.
   * @param wanted what would fit, for the reader
   * @throws Failure when it does not in time
   */
  async asks(fits: RegExp, wanted: string): Promise<void> {
    const since = performance.now()
    const deadline = Date.now() + DEADLINES.start * this.patience
    for (let running = true; !fits.test(this.output.bytes.toString('utf8')); running = this.running) {
      if (Date.now() > deadline || !running) throw new Failure('no-line', `your program should ask: "${wanted}"`, { program: this, wanted, since })
      await this.moved()
    }
  }

  /** Ctrl-C: typed at its terminal, where it has one. */
  interrupt(): void {
    if (this.terminal) this.type('\x03')
    else this.signal('SIGINT')
  }

  /** Types at its terminal. */
  type(keys: string): void {
    const group = this.terminal?.group
    if (group !== undefined) this.guardian.watch(group)
    this.started.child.stdin?.write(keys)
  }

  /**
   * Waits for its end, and for the last of its output.
   * @returns the exit code
   */
  async ended(ms: number = DEADLINES.end): Promise<number> {
    const since = performance.now()
    if (this.running) {
      const over = AbortSignal.timeout(Math.round(ms * this.patience))
      await once(this.started.child, 'exit', { signal: over }).catch(() => {})
    }
    if (this.exitCode === undefined) {
      throw new Failure('runs-on', `your program should have ended within ${ms / 1000} s, and it runs on`, { program: this, since })
    }
    return this.exitCode
  }

  /** Sends a signal to its whole process group, as Ctrl-C at a terminal does. */
  signal(name: NodeJS.Signals): void {
    this.started.signal(name)
  }

  /** Ends it with all that it has started, at once, whatever they do with signals. */
  async kill(): Promise<void> {
    const { child } = this.started
    const gone = this.running && child.pid !== undefined ? once(child, 'exit') : undefined
    const groups = [child.pid, this.terminal?.group].filter(group => group !== undefined)
    this.started.end()
    await gone
    // Behind a shell it is no child of ours, and may have the port for a little longer than what we started.
    await until(() => !groups.some(livesIn), GOES * this.patience)
    this.started.catchUp()
    this.started.close()
  }

  /** What prints so much keeps everybody from everything else, and is waited for no longer. */
  private expectNoFlood(): void {
    const flood = [this.output, this.errorOutput].find(({ isFlood }) => isFlood)
    if (flood) throw new Failure('other', `your program prints without end: ${Math.floor(flood.total / 1e6)} MB up to now`, { program: this })
  }

  private async holds(port: number, host?: string): Promise<boolean> {
    // Without a look into processes we take the word of the port: it was free before we started.
    if (process.platform !== 'linux') return await isListening(port)
    const hosts = host === undefined ? CALLED : [host]
    return listenersOf(this.pid).some(door => door.port === port && hosts.includes(door.host))
  }

  /** Waits a little for more: a file tells nobody that it has grown. */
  private async moved(): Promise<void> {
    await new Promise(resolve => setTimeout(resolve, this.running ? SOON : 0))
  }
}

/** The addresses at which a call to 127.0.0.1 arrives. */
const CALLED = ['127.0.0.1', '0.0.0.0', '::']
/** A program that does nothing for so long, and does not listen, is not about to. In milliseconds. */
const IDLE = 400
/** A program that listens and is busy for so long is not about to end. In milliseconds. */
const SETTLES = 100
const POLL = 10
/** How soon what it prints is seen. In milliseconds. */
const SOON = 3
/** How long it has to do nothing to be settled, and how long that is waited for. In milliseconds. */
const STILL = 100
const BUSY = 1000
/** How long what was killed may take to be gone, in milliseconds. */
const GOES = 1000
