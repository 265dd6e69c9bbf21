import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll } from 'vitest'
import { TOO_BUSY } from '../lessons/shared/brim.ts'
import type { CheckResult } from '../../scripts/workbook/check/report/verdict.ts'
import { compiled } from '../../scripts/workbook/start/compile-cache.mjs'
import { canIsolate, isolated } from '../../scripts/workbook/machine/isolate.ts'
import { ROOT } from './command.ts'
import type { Answer, Ended, Examination, Job, Typed } from './examiner.ts'

const MOST = 10
const SOURCE = join(import.meta.dirname, 'examiner.ts')

/** A result, and how long it took. */
export type Timed<T> = T & { ms: number }

/**
 * Checks programs side by side, each examiner in a network of its own. Most of a check is waiting, and
 * a process of its own for each would take longer than the check.
 * @param count how many at once, where the system allows it
 */
export function examiners(count: number) {
  const script = compiled(SOURCE)
  const folders: string[] = []
  const idle: ChildProcess[] = []
  const all: ChildProcess[] = []
  const waiting: (() => void)[] = []

  async function ask(job: Job): Promise<Timed<CheckResult | Ended>> {
    const made = await script
    const examiner = made === undefined ? ['--import', 'tsx', SOURCE] : [made]
    while (idle.length === 0) {
      if (all.length < (canIsolate() ? count : 1)) idle.push(start(examiner, all))
      else await new Promise<void>(resolve => waiting.push(resolve))
    }
    const child = idle.pop()!
    child.send(job)
    const [answer] = await Promise.race([
      once(child, 'message') as Promise<[Answer]>,
      once(child, 'exit').then(([code]) => { throw new Error(`an examiner ended (${code})`) }),
    ])
    idle.push(child)
    waiting.shift()?.()
    if ('bug' in answer) throw new Error(answer.bug)
    return { ...answer.done, ms: answer.ms }
  }

  afterAll(async () => {
    await Promise.all(all.map(async child => {
      const gone = once(child, 'exit')
      child.disconnect()
      await gone
    }))
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  })

  return {
    /** A folder with these programs in it, gone when the tests of the file have ended. */
    programs(files: Record<string, string>): string {
      const folder = mkdtempSync(join(tmpdir(), 'port-12345-program-'))
      folders.push(folder)
      for (const [name, content] of Object.entries({ 'package.json': '{"type":"module"}', ...files })) {
        mkdirSync(dirname(join(folder, name)), { recursive: true })
        writeFileSync(join(folder, name), content)
      }
      return folder
    },
    /**
     * Checks a program, with time for a machine that runs other tests too. What such a machine was too busy
     * for, and so neither held nor failed, is asked again.
     */
    async check(lesson: number, folder: string, more: Partial<Examination> = {}): Promise<Timed<CheckResult>> {
      const job = { lesson, folder, seed: 7, patience: 3, ...more }
      let result = await ask(job) as Timed<CheckResult>
      for (let tries = 0; tries < 4; tries++) {
        const { verdicts } = result
        const at = verdicts.findIndex(({ reason }) => reason === TOO_BUSY)
        const busy = verdicts[at]
        if (!busy) break
        const alone = { ...job, only: busy.id, patience: MOST }
        const { verdicts: [again = busy], failure, ms } = await ask(alone) as Timed<CheckResult>
        result = {
          ...result, ms: result.ms + ms, verdicts: verdicts.with(at, again),
          ...failure && { failure, passed: false },
        }
      }
      return result
    },
    /** `npm run check` with these words. */
    type: (words: string, more: Omit<Typed, 'argv'> = {}) =>
      ask({ argv: words.split(' ').filter(Boolean), ...more }) as Promise<Timed<Ended>>,
  }
}

function start(script: readonly string[], all: ChildProcess[]): ChildProcess {
  const [file = '', ...args] = isolated([process.execPath, ...script])
  const child = spawn(file, args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  child.setMaxListeners(0)
  all.push(child)
  return child
}
