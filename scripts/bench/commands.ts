import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isolated } from '../workbook/machine/isolate.ts'
import { listLessons } from '../workbook/book/list.ts'
import { commandIn, run, start, stop } from './support/child.ts'
import { quantity } from './support/figures.ts'
import { interleave, type Job } from './support/interleave.ts'
import type { Bench, Part, Target } from './support/part.ts'
import { linesOf } from './support/waiting.ts'

/** A program that fails its check late: nothing it does wrong shows before a deadline passes. */
const WRONG = 'wrong:never-closes'

/** They take long. */
const MOST_RUNS = 3

const TARGETS = {
  start: { of: 'measured', most: 500, promise: 'of a check, the start of the tool takes under 0.5 s' },
  passing: { of: 'measured', most: 2000, promise: 'a passing check of a lesson of Part I takes under 2 s' },
  failing: { of: 'measured', most: 6000, promise: 'a failing check never takes longer than 6 s' },
  again: { of: 'measured', most: 1500, promise: 'a check that watches has the next verdict 1.5 s after a save' },
} satisfies Part['targets']

/** How long a reader waits for a verdict. There is no plain script that does the same. */
export const commands: Part = {
  name: 'commands',
  headings: ['takes', '', ''],
  targets: TARGETS,
  async run(bench) {
    const lesson = bench.measured('commands')[0] ?? listLessons(bench.root).at(-1)
    if (!lesson) return { rows: [] }
    const number = String(lesson.number)
    const folder = join('code', lesson.folder)
    const check = (...words: string[]) => commandIn(bench.root, 'check', ...words)
    const timed: { what: string, job: Job, target?: Target }[] = [
      { what: 'npm run check -- --help', job: taking(check('--help')), target: TARGETS.start },
      { what: `npm run check ${number}`, job: taking(check(number, '--of', folder)), target: TARGETS.passing },
      { what: 'the same, failing', job: taking(evenIfItFails(check(number, '--of', WRONG))), target: TARGETS.failing },
      { what: 'the same, watching, after a save', job: savingUnderWatch(bench, number, folder), target: TARGETS.again },
      { what: `npm run try ${number}`, job: taking(commandIn(bench.root, 'try', number)) },
    ]
    const few = { ...bench, runs: Math.min(bench.runs, MOST_RUNS) }
    const samples = await interleave(few, 'commands', timed.map(({ job }) => job), { warmUp: 0 })
    return {
      rows: timed.map(({ what, target }, index) => ({ what, measured: quantity('ms', samples[index]!), ...(target && { target }) })),
      notes: ['check tells its behaviours to the program of the lesson, and to one that never closes; all without npm itself. '
        + 'They wait on purpose, to see that nothing comes. At most three runs.'],
    }
  },
}

function taking(argv: readonly string[]): Job {
  return async () => (await run(isolated(argv))).ms
}

function evenIfItFails(argv: readonly string[]): string[] {
  return ['sh', '-c', '"$@" || [ $? = 1 ]', 'sh', ...argv]
}

/** From a save until the verdict on it is complete. */
function savingUnderWatch(bench: Bench, number: string, folder: string): Job {
  return async () => {
    const copy = join(bench.scratch, 'watched')
    cpSync(join(bench.root, folder), copy, { recursive: true })
    const child = start(isolated(commandIn(bench.root, 'check', number, '--of', copy, '--watch')))
    try {
      const printed = linesOf(child.stdout!)
      const waits = () => printed.next(line => line.startsWith('Waiting for the next save'))
      await waits()
      const begin = performance.now()
      writeFileSync(join(copy, 'saved.ts'), '')
      await printed.next(line => line.startsWith(`Lesson ${number}:`))
      return performance.now() - begin
    } finally {
      await stop(child)
    }
  }
}
