import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { isolated } from '../../machine/isolate.ts'
import { Problem } from '../../problem.ts'
import { tell } from './attempt.ts'
import { storiesOf, type Content } from '../lesson.ts'
import { Guardian } from '../program/guardian.ts'
import { load } from '../load/watch.ts'
import type { Setting } from '../setting.ts'
import { Stage } from './stage.ts'
import type { Verdict } from '../report/verdict.ts'

/** What a lane is asked, and what it answers: a story, or to end what the stories of a check have left. */
type Job = { behaviour: string, setting: Setting, again?: Verdict } | 'clear'
type Answer = { verdict: Verdict } | { cleared: true } | { bug: string }
  | { problem: { message: string, remedy?: string } }

/**
 * A process that tells stories in a network of its own, so that they do not meet those of others:
 * the same code in another place. For systems on which canIsolate() holds.
 */
export class Lane {
  private readonly child: ChildProcess
  private readonly guardian: Guardian
  private errors = ''
  private busy = false

  /** @param script what Node is to run: the module that calls serveLane(), with what it needs for that */
  constructor(script: readonly string[], root: string, guardian: Guardian) {
    const [file = '', ...args] = isolated([process.execPath, ...script])
    this.guardian = guardian
    this.child = spawn(file, args, { cwd: root, detached: true, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
    this.child.stderr?.on('data', (data: Buffer) => this.errors += data.toString())
    this.child.on('error', error => this.errors += String(error))
    if (this.child.pid === undefined) return
    guardian.watch(this.child.pid)
    load.leaveOut(this.child.pid)
  }

  /**
   * Tells one story, and resolves when it has been told.
   * @param again as in tell()
   * @throws Problem as the story does
   */
  async tell(behaviour: string, setting: Setting, again?: Verdict): Promise<Verdict> {
    const answer = await this.ask({ behaviour, setting, ...(again && { again }) })
    if ('verdict' in answer) return answer.verdict
    if ('problem' in answer) {
      const { message, remedy } = answer.problem
      throw new Problem(message, { ...(remedy !== undefined && { remedy }) })
    }
    throw new Error('bug' in answer ? answer.bug : 'a lane has cleared up instead of telling a story')
  }

  /** Whether it is there, and can be asked. */
  get running(): boolean {
    return this.child.connected
  }

  /**
   * Ends everything that its stories have started and left, so that it can tell those of another check.
   * @returns false when it cannot, as in the middle of a story, or does not in time
   */
  async clear(): Promise<boolean> {
    if (this.busy || !this.running) return false
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(), DEADLINE)
    return await this.ask('clear', late.signal).then(answer => 'cleared' in answer, () => false)
      .finally(() => clearTimeout(timer))
  }

  /** @param late gives up waiting for the answer; then the lane stays busy */
  private async ask(job: Job, late?: AbortSignal): Promise<Answer> {
    this.busy = true
    this.child.send(job)
    const stop = new AbortController()
    const signal = late ? AbortSignal.any([stop.signal, late]) : stop.signal
    const [answer] = await Promise.race([
      once(this.child, 'message', { signal }) as Promise<[Answer]>,
      once(this.child, 'exit', { signal }).then(([code, killed]) => {
        if (killed === null) throw new Error(`a lane ended (${code}): ${this.errors}`)
        throw new Problem(`a part of the check was ended by ${killed}, by the program or by somebody else`)
      }),
    ]).finally(() => stop.abort())
    this.busy = false
    return answer
  }

  /** Ends it with everything it has started. */
  async close(): Promise<void> {
    const { child } = this
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
      const gone = once(child, 'exit')
      if (child.connected) child.disconnect()
      const timer = setTimeout(() => child.kill('SIGKILL'), DEADLINE)
      await gone
      clearTimeout(timer)
    }
    if (child.pid !== undefined) this.guardian.forget(child.pid)
  }
}

/** For a lane to clear up, or to end. In milliseconds. */
const DEADLINE = 2000

/**
 * The whole of a process that tells stories in a network of its own, one at a time, for as long as the process
 * that started it is there.
 */
export function serveLane({ lessons }: Content): void {
  const guardian = new Guardian()
  let stage: Stage | undefined
  const told = async ({ behaviour: id, setting, again }: Exclude<Job, 'clear'>): Promise<Answer> => {
    try {
      const lesson = lessons.find(({ number }) => number === setting.lesson)
      const behaviour = lesson && storiesOf(lesson).find(behaviour => behaviour.id === id)
      if (!lesson || !behaviour) throw new Error(`no behaviour ${id}`)
      stage ??= new Stage(lesson, setting, guardian, true)
      return { verdict: await tell(behaviour, setting, stage, again) }
    } catch (error) {
      return error instanceof Problem
        ? { problem: { message: error.message, ...(error.remedy !== undefined && { remedy: error.remedy }) } }
        : { bug: (error as Error).stack ?? String(error) }
    }
  }
  process.on('message', async (job: Job) => {
    if (job !== 'clear') return void process.send?.(await told(job))
    await stage?.close()
    stage = undefined
    load.stop()
    process.send?.({ cleared: true } satisfies Answer)
  })
  process.on('disconnect', async () => {
    await stage?.close()
    guardian.dismiss()
    process.exit()
  })
}
