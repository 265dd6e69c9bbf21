import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { canIsolate, isolated } from '../workbook/machine/isolate.ts'
import { listLessons } from '../workbook/book/list.ts'
import { isListening } from '../workbook/machine/listening.ts'
import { Problem } from '../workbook/problem.ts'
import { commandIn, run, typescript } from './support/child.ts'
import { difference, quantity } from './support/figures.ts'
import type { Part } from './support/part.ts'

const PORT = 12345
const PROBE = fileURLToPath(new URL('support/clients/until-listening.mjs', import.meta.url))

/** Starts for each run: a start is short, and the machine is not quiet. */
const TIMES = 3

const TARGETS = {
  difference: { of: 'figure', most: 150, promise: 'npm run lesson:N listens at most 150 ms after node --import tsx on the same file' },
} satisfies Part['targets']

/** From the start of `npm run lesson:6` until its server accepts, against the same file run by hand. */
export const lessonStart: Part = {
  name: 'start of a lesson',
  headings: ['runner', 'by hand', 'more'],
  targets: TARGETS,
  async run(bench) {
    const lessons = listLessons(bench.root).filter(({ folder }) => existsSync(join(bench.root, 'code', folder, 'server.ts')))
    const lesson = bench.measured('start of a lesson')[0] ?? lessons.at(-1)
    if (!lesson) throw new Problem('no lesson has a server to start')
    if (!canIsolate() && await isListening(PORT)) {
      throw new Problem(`port ${PORT} is taken, and the bench needs it`, { remedy: 'Stop the program that has it; npm run doctor says which.' })
    }
    bench.say('start of a lesson')
    const commands = [
      commandIn(bench.root, 'lesson', String(lesson.number)),
      typescript(join(bench.root, 'code', lesson.folder, 'server.ts')),
      ['npm', '--prefix', bench.root, 'run', `lesson:${lesson.number}`],
    ]
    const probe = [process.execPath, PROBE, String(PORT), String(1 + TIMES * bench.runs), JSON.stringify(commands)]
    const { stdout } = await run(isolated(probe))
    // The first round warms up.
    const [runner, hand, npm] = (JSON.parse(stdout) as number[][]).map(samples => quantity('ms', samples.slice(1)))
    if (!runner || !hand || !npm) throw new Error(`the probe printed ${stdout}`)
    return {
      rows: [
        { what: `lesson ${lesson.number}, accepting`, measured: runner, yardstick: hand, figure: difference(runner, hand), target: TARGETS.difference },
        { what: 'the same through npm', measured: npm, yardstick: hand, figure: difference(npm, hand) },
      ],
      notes: ['By hand: node --import tsx server.ts. What npm itself takes comes on top for any script. Three starts for each run.'],
    }
  },
}
