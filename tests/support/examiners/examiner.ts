import { main } from '../../../scripts/check.ts'
import { CONTENT } from '../../lessons/index.ts'
import { checkProgram, openWorkshop } from '../../../scripts/workbook/check/check.ts'
import { lockChecks } from '../../../scripts/workbook/machine/lock.ts'
import type { CheckResult } from '../../../scripts/workbook/check/report/verdict.ts'
import { findLesson, listLessons } from '../../../scripts/workbook/book/list.ts'
import { Problem } from '../../../scripts/workbook/problem.ts'
import { PROJECT_ROOT } from '../../../scripts/workbook/project.ts'
import { room } from '../rooms.ts'

/** A program to check, up to a behaviour or with one alone: of the lesson's list the others are not told. */
export interface Examination {
  lesson: number
  folder: string
  until?: string | undefined
  only?: string | undefined
  seed: number
  patience: number
}

/** `npm run check`, as it is typed, and what it prints to. */
export interface Typed {
  argv: readonly string[]
  root?: string
  terminal?: boolean
  /** Another check is running. */
  meanwhile?: boolean
  env?: Record<string, string>
}

export interface Ended {
  code: number
  stdout: string
  stderr: string
}

export type Job = Examination | Typed
export type Answer = { done: CheckResult | Ended, ms: number } | { bug: string }

// The whole of a process that does one check after another, in the network that it was started in.
process.on('message', async (job: Job) => {
  const since = Date.now()
  try {
    const done = 'argv' in job ? await type(job) : await examine(job)
    process.send?.({ done, ms: Date.now() - since } satisfies Answer)
  } catch (error) {
    process.send?.({ bug: (error as Error).stack ?? String(error) } satisfies Answer)
  }
})
process.on('disconnect', () => process.exit())
// Whoever has asked may be gone.
process.on('error', () => process.exit())
const workshop = openWorkshop(CONTENT, process.argv[2])

function examine({ lesson, folder, until, only, seed, patience }: Examination): Promise<CheckResult> {
  const whole = room(lesson).behaviours
  const last = until === undefined ? whole.length : whole.findIndex(({ id }) => id === until)
  if (last < 0) throw new Error(`lesson ${lesson} has no behaviour ${until}`)
  return checkProgram({
    root: PROJECT_ROOT,
    content: CONTENT,
    lesson: findLesson(listLessons(PROJECT_ROOT), String(lesson)), folder, seed, patience, workshop,
    behaviours: only === undefined ? whole.slice(0, last + 1) : whole.filter(({ id }) => id === only),
  })
}

async function type({ argv, root = PROJECT_ROOT, terminal = false, meanwhile, env }: Typed): Promise<Ended> {
  const unlock = meanwhile ? await lockChecks(6) : undefined
  const before = { log: console.log, env: process.env, isTTY: process.stdout.isTTY }
  let stdout = ''
  console.log = (text: string) => void (stdout += `${text}\n`)
  process.env = { ...before.env, ...env }
  process.stdout.isTTY = terminal
  try {
    return { code: await main([...argv], { root }), stdout, stderr: '' }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { code: error.exitCode, stdout, stderr: `${String(error)}\n` }
  } finally {
    unlock?.()
    console.log = before.log
    process.env = before.env
    process.stdout.isTTY = before.isTTY
  }
}
