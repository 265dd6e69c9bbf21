import { join } from 'node:path'
import { isolated } from '../workbook/isolate.ts'
import { listLessons } from '../workbook/lesson-list.ts'
import { commandIn, run } from './support/child.ts'
import { quantity } from './support/figures.ts'
import { interleave } from './support/interleave.ts'
import type { Part } from './support/part.ts'

/** The lesson whose proofs are timed; a book without it is measured by its last one. */
const LESSON = 6

/** They take long, and nothing is judged by them. */
const MOST_RUNS = 3

/** How long a reader waits for a verdict. There is no plain script that does the same: for information. */
export const commands: Part = {
  name: 'commands',
  headings: ['takes', '', ''],
  targets: {},
  async run(bench) {
    const lessons = listLessons(bench.root)
    const lesson = lessons.find(({ number }) => number === LESSON) ?? lessons.at(-1)
    if (!lesson) return { rows: [] }
    const number = String(lesson.number)
    const timed = [
      { what: `npm run check ${number}`, argv: commandIn(bench.root, 'check', number, '--of', join('code', lesson.name)) },
      { what: `npm run try ${number}`, argv: commandIn(bench.root, 'try', number) },
    ]
    const few = { ...bench, runs: Math.min(bench.runs, MOST_RUNS) }
    const samples = await interleave(few, 'commands', timed.map(({ argv }) => async () => (await run(isolated(argv))).ms), { warmUp: 0 })
    return {
      rows: timed.map(({ what }, index) => ({ what, measured: quantity('ms', samples[index]!) })),
      notes: ['check tells its behaviours to the program of the lesson; both without npm itself. '
        + 'They wait on purpose, to see that nothing comes. At most three runs.'],
    }
  },
}
