import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:os'
import { StringDecoder } from 'node:string_decoder'
import { withoutNpm } from './npm.ts'

/** What npm and the lesson runner say before a program starts; the book leaves it out. */
const PREAMBLE_RE = /^((>|npm warn|npm notice) .*)?$/

/** A command that npm runs, perhaps with a limit or variables in front, or in a world of its own. */
const RUNS_NPM_RE = /^\(?(?:ulimit -n \d+; |[A-Z]+=\S* |unshare \S+ )*npm /

/** In milliseconds: how long killed processes may take to be gone, and how often to look. */
const DEADLINES = { gone: 2000, again: 10 }

/**
 * One terminal of an experiment: a command in a process group of its own, its standard output and
 * standard error in one stream as a terminal shows them, cut into lines.
 */
export class Terminal {
  /** Lines printed and not yet looked at. */
  readonly lines: string[] = []
  /** The exit code as a shell gives it: 128 plus the signal's number if a signal ended it. */
  exitCode: number | undefined
  /** It is a server, and its port has been seen to listen. */
  hasListened = false
  private readonly child: ChildProcess
  private partial = ''
  private inPreamble: boolean
  private wake: () => void = () => {}
  private closed = false
  private ignoring = false

  constructor(command: string, options: { cwd: string, env: NodeJS.ProcessEnv }) {
    this.inPreamble = RUNS_NPM_RE.test(command)
    this.child = spawn('sh', ['-c', `exec 2>&1\n${withoutNpm(command, options.cwd)}`], {
      ...options,
      detached: true,
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const decoder = new StringDecoder('utf8')
    this.child.stdout?.on('data', (data: Buffer) => this.take(decoder.write(data)))
    // Typing into a program that has ended is what people do; it is the next step that tells.
    this.child.stdin?.on('error', () => {})
    this.child.on('exit', (code, signal) => {
      this.exitCode = code ?? 128 + (signal ? constants.signals[signal] : 0)
      this.wake()
    })
    this.child.on('close', () => {
      this.take(decoder.end())
      if (this.partial !== '') this.take('\n')
      this.wake()
    })
  }

  get running(): boolean {
    return this.exitCode === undefined
  }

  type(line: string): void {
    this.child.stdin?.write(`${line}\n`)
  }

  /** Ctrl-D ends the input; Ctrl-C interrupts every process of the terminal. */
  press(key: string): void {
    if (key === 'D') this.child.stdin?.end()
    else this.signal('SIGINT')
  }

  /** The next line, or undefined when the program has ended or nothing came within `ms`. */
  async nextLine(ms: number): Promise<string | undefined> {
    await this.until(() => this.lines.length > 0 || this.drained, ms)
    return this.lines.shift()
  }

  /** Whether it ended, with all it printed read, within `ms`. */
  async ended(ms: number): Promise<boolean> {
    await this.until(() => this.drained, ms)
    return this.drained
  }

  /** Whether it printed nothing for `ms`. */
  async silentFor(ms: number): Promise<boolean> {
    await this.until(() => this.lines.length > 0 || this.partial !== '', ms)
    return this.lines.length === 0 && this.partial === ''
  }

  /** Whatever it still prints is expected. */
  ignoreTheRest(): void {
    this.ignoring = true
    this.lines.length = 0
  }

  /** Ends every process of the terminal at once, also one that is stopped. */
  async kill(): Promise<void> {
    this.closed = true
    this.signal('SIGKILL')
    if (this.running) await once(this.child, 'exit')
    this.child.stdout?.destroy()
    this.child.stdin?.destroy()
    const deadline = Date.now() + DEADLINES.gone
    while (this.groupLives() && Date.now() < deadline) {
      await new Promise(resolve => setTimeout(resolve, DEADLINES.again))
    }
  }

  /** npm's own children hold the port a little longer than npm lives. */
  private groupLives(): boolean {
    try {
      return process.kill(-(this.child.pid ?? 0), 0)
    } catch {
      return false
    }
  }

  /** It has ended and its output has been read to the end; a child of its own may hold the output open. */
  private get drained(): boolean {
    return !this.running && (this.child.stdout?.readableEnded ?? true)
  }

  private signal(signal: NodeJS.Signals): void {
    try {
      process.kill(-(this.child.pid ?? 0), signal)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }

  private take(text: string): void {
    if (this.closed || this.ignoring) return
    const parts = (this.partial + text).split('\n')
    this.partial = parts.pop() ?? ''
    for (const line of parts.map(part => part.replace(/\r$/, ''))) {
      if (this.inPreamble && PREAMBLE_RE.test(line)) continue
      this.inPreamble = false
      this.lines.push(line)
    }
    this.wake()
  }

  private async until(condition: () => boolean, ms: number): Promise<void> {
    const deadline = Date.now() + ms
    while (!condition()) {
      const left = deadline - Date.now()
      if (left <= 0) return
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, left)
        this.wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }
}
