import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, inject } from 'vitest'
import { writeVariant, type Variant } from '../../../scripts/workbook/check/change.ts'
import type { CheckResult } from '../../../scripts/workbook/check/report/verdict.ts'
import { ROOT } from '../command.ts'
import type { Answer, Ended, Examination, Job, Typed } from './examiner.ts'
import { room } from '../rooms.ts'
import { WHOLE } from '../whole.ts'

/**
 * What a proof tells to a program that fails at a behaviour: that one alone; where everything is proved, all that come
 * before it, which shows as well that none of them fails.
 */
export function upTo(behaviour: string): Pick<Examination, 'until' | 'only'> {
  return WHOLE ? { until: behaviour } : { only: behaviour }
}

/** A result, and how long it took. */
export type Timed<T> = T & { ms: number }

/** Checks programs in the one pool of examiners of this run: see pool.ts. */
export function examiners() {
  const folders: string[] = []
  const asked = new Map<number, (answer: Answer) => void>()
  let pool: Promise<Socket> | undefined
  let last = 0

  async function ask(job: Job): Promise<Timed<CheckResult | Ended>> {
    pool ??= reach(asked)
    const socket = await pool
    const id = ++last
    const answer = await new Promise<Answer>(resolve => {
      asked.set(id, resolve)
      socket.write(`${JSON.stringify({ id, job })}\n`)
    })
    if ('bug' in answer) throw new Error(answer.bug)
    return { ...answer.done, ms: answer.ms }
  }

  afterAll(async () => {
    (await pool)?.destroy()
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  })

  function folderWith(write: (folder: string) => void): string {
    const folder = mkdtempSync(join(tmpdir(), 'port-12345-program-'))
    folders.push(folder)
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
    write(folder)
    return folder
  }

  return {
    /** A folder with these programs in it, gone when the tests of the file have ended. */
    programs(files: Record<string, string>): string {
      return folderWith(folder => {
        for (const [name, content] of Object.entries(files)) {
          mkdirSync(dirname(join(folder, name)), { recursive: true })
          writeFileSync(join(folder, name), content)
        }
      })
    },
    /** The same, with a lesson's program and what is changed in it. */
    variant(lesson: number, program: Variant): string {
      return folderWith(folder => writeVariant(join(ROOT, 'code', room(lesson).folder), program, folder))
    },
    /**
     * Checks a program, with time for a machine that runs other tests too. What it was too busy for is asked again
     * alone: a proof needs more than that nothing wrong was seen.
     */
    async check(lesson: number, folder: string, more: Partial<Examination> = {}): Promise<Timed<CheckResult>> {
      const job = { lesson, folder, seed: 7, patience: 3, ...more }
      let result = await ask(job) as Timed<CheckResult>
      for (let tries = 0; tries < 3; tries++) {
        const { verdicts } = result
        const at = verdicts.findIndex(({ busy }) => busy)
        const doubtful = verdicts[at]
        if (!doubtful) break
        const { until: _, ...alone } = { ...job, only: doubtful.id }
        const { verdicts: [again = doubtful], failure, ms } = await ask(alone) as Timed<CheckResult>
        result = {
          ...result, ms: result.ms + ms, verdicts: verdicts.with(at, again),
          ...failure && { failure: result.failure ?? failure, passed: false },
        }
      }
      return result
    },
    /** `npm run check` with these words. */
    type: (words: string, more: Omit<Typed, 'argv'> = {}) =>
      ask({ argv: words.split(' ').filter(Boolean), ...more }) as Promise<Timed<Ended>>,
  }
}

async function reach(asked: Map<number, (answer: Answer) => void>): Promise<Socket> {
  const socket = connect(inject('examiners'))
  await once(socket, 'connect')
  createInterface(socket).on('line', line => {
    const { id, answer } = JSON.parse(line) as { id: number, answer: Answer }
    asked.get(id)?.(answer)
    asked.delete(id)
  }).on('close', () => {
    for (const answer of asked.values()) answer({ bug: 'the pool of examiners has ended' })
  })
  return socket
}
