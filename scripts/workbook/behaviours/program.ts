import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { constants } from 'node:os'
import { pathToFileURL } from 'node:url'
import { waitForListening } from '../listening.ts'
import { Failure } from './failure.ts'

/** Deadlines in milliseconds; what holds takes far less. */
export const DEADLINES = { start: 10_000, line: 5000, end: 5000, stop: 2000 }

const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href

/** A program under test: a child process with a group of its own, whose output is kept. */
export class Program {
  /** All it has written, as bytes: what it prints is part of what is checked. */
  readonly stdout: Buffer[] = []
  readonly stderr: Buffer[] = []
  /** 128 plus the signal's number where a signal ended it, as a shell says it. */
  exitCode: number | undefined
  readonly command: string
  private readonly child: ChildProcess
  private linesTaken = 0

  /**
   * Starts `file` of `folder` with its arguments.
   * @throws Failure when there is no such file
   */
  constructor(folder: string, file: string, args: readonly string[] = []) {
    if (!existsSync(join(folder, file))) throw new Failure(`there is no ${file}`)
    this.command = ['node', file, ...args].join(' ')
    this.child = spawn(process.execPath, ['--import', TSX, file, ...args], {
      cwd: folder,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.child.stdout?.on('data', (data: Buffer) => this.stdout.push(data))
    this.child.stderr?.on('data', (data: Buffer) => this.stderr.push(data))
    this.child.on('exit', (code, signal) => {
      this.exitCode = code ?? 128 + (signal ? constants.signals[signal] : 0)
    })
    running.add(this)
  }

  get pid(): number {
    return this.child.pid ?? 0
  }

  get running(): boolean {
    return this.exitCode === undefined
  }

  /** The complete lines it has written to standard output. */
  get lines(): string[] {
    return Buffer.concat(this.stdout).toString('utf8').split('\n').slice(0, -1)
  }

  /** What it has written to standard error. */
  get errors(): string {
    return Buffer.concat(this.stderr).toString('utf8')
  }

  /**
   * Waits until it listens on `port`.
   * @throws Failure when it ends before, or does not listen in time
   */
  async listening(port: number): Promise<void> {
    if (await waitForListening(port, DEADLINES.start, () => !this.running)) return
    throw new Failure(this.running
      ? `your program runs, but nothing listens on port ${port}`
      : `your program ended with exit code ${this.exitCode} instead of listening on port ${port}`, { program: this })
  }

  /**
   * The next line of standard output that fits, passing over others.
   * @throws Failure when none comes in time
   */
  async line(pattern: RegExp, what: string): Promise<string> {
    const deadline = Date.now() + DEADLINES.line
    for (;;) {
      const at = this.lines.findIndex((line, index) => index >= this.linesTaken && pattern.test(line))
      if (at >= 0) {
        this.linesTaken = at + 1
        return this.lines[at] ?? ''
      }
      if (Date.now() > deadline || this.drained) break
      await this.moved(deadline - Date.now())
    }
    throw new Failure(`your program should print ${what}`, { program: this })
  }

  /** Waits for its end, and for the last of its output. */
  async ended(ms = DEADLINES.end): Promise<number> {
    if (!this.drained) {
      await Promise.race([once(this.child, 'close'), new Promise(resolve => setTimeout(resolve, ms).unref())])
    }
    if (this.exitCode === undefined) throw new Failure(`your program should have ended by itself within ${ms / 1000} s`, { program: this })
    return this.exitCode
  }

  /** Sends a signal to its whole process group, as Ctrl-C at a terminal does. */
  signal(name: NodeJS.Signals): void {
    try {
      process.kill(-this.pid, name)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }

  /** Ends its whole process group at once, whatever it does with signals. */
  async kill(): Promise<void> {
    running.delete(this)
    this.signal('SIGKILL')
    if (this.running) await once(this.child, 'exit')
    this.child.stdout?.destroy()
    this.child.stderr?.destroy()
  }

  private get drained(): boolean {
    return !this.running && (this.child.stdout?.readableEnded ?? true)
  }

  private async moved(ms: number): Promise<void> {
    const done = new AbortController()
    const timer = setTimeout(() => done.abort(), ms)
    const { signal } = done
    await Promise.race(['data', 'close'].map(event => once(this.child.stdout!, event, { signal }))).catch(() => {})
    clearTimeout(timer)
    done.abort()
  }
}

const running = new Set<Program>()

// A check that is interrupted takes the programs it started with it.
process.on('exit', () => running.forEach(program => program.signal('SIGKILL')))
