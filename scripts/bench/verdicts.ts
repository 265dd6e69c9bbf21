import type { ChildProcess } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { isolated } from '../workbook/machine/isolate.ts'
import type { LessonEntry } from '../workbook/book/list.ts'
import type { Verdict } from '../workbook/check/report/verdict.ts'
import { commandIn, start, stop } from './support/child.ts'
import { quantity } from './support/figures.ts'
import type { Bench, Part, Row } from './support/part.ts'

/** How many busy processes there are beside a check, for each core. */
const CROWDS = [1, 3]
/** In milliseconds: one check on a machine that has no time for it. */
const DEADLINE = 300_000

const TARGETS = {
  refused: { of: 'measured', most: 0, promise: 'a right program is never refused, however busy the machine is' },
  left: { of: 'yardstick', most: 0, promise: 'no check leaves a process behind' },
} satisfies Part['targets']

/** What became of some checks of one program. */
interface Tally { refused: number, left: number, unproved: number }

/** Whether a verdict is a guess: right programs are checked while others want the processors. */
export const verdicts: Part = {
  name: 'verdicts',
  headings: ['refused', 'left', 'unproved'],
  targets: TARGETS,
  async run(bench) {
    const lessons = bench.measured('verdicts')
    if (process.platform !== 'linux' || lessons.length === 0) return { rows: [] }
    const rows: Row[] = []
    const seen: string[] = []
    const rounds = bench.rounds ?? ROUNDS
    for (const crowd of CROWDS) {
      const beside = crowd * availableParallelism()
      const busy = Array.from({ length: beside }, beBusy)
      try {
        for (const lesson of lessons) {
          const { number } = lesson
          const tally = { refused: 0, left: 0, unproved: 0 }
          for (let round = 1; round <= rounds; round++) {
            bench.say(`verdicts: lesson ${number} beside ${beside} busy processes, ${round} of ${rounds}`)
            seen.push(...await checkOnce(bench, lesson, tally))
          }
          const what = `lesson ${number}, ${beside} busy beside it`
          const count = (value: number) => quantity('count', [value])
          rows.push({
            what,
            measured: count(tally.refused),
            yardstick: count(tally.left),
            figure: count(tally.unproved),
            target: tally.left > 0 ? TARGETS.left : TARGETS.refused,
          })
        }
      } finally {
        await Promise.all(busy.map(stop))
      }
    }
    return {
      rows,
      notes: [
        `Each program of the book was checked ${rounds} times: how many checks refused it, how many processes they left,`
        + ' and how many of all verdicts were not proved because the machine was too busy.',
        ...new Set(seen),
      ],
    }
  },
}

const ROUNDS = 25

/** @returns what was refused or not proved, a line for each */
async function checkOnce(bench: Bench, { number, folder: name }: LessonEntry, tally: Tally): Promise<string[]> {
  const mark = `port-12345-bench-${process.pid}-${number}-${performance.now()}`
  const argv = commandIn(bench.root, 'check', String(number), '--of', join('code', name), '--json')
  // Whatever a check starts has its environment, wherever it goes.
  const child = start(isolated(['env', `VERDICTS_OF=${mark}`, ...argv]))
  const { stdout, over } = await printedBy(child)
  await new Promise(resolve => setTimeout(resolve, SETTLES))
  const left = markedWith(mark)
  for (const pid of left) tellEnd(pid)
  await stop(child)
  const verdicts = stdout.split('\n').flatMap(line => line.startsWith('{') ? JSON.parse(line) as Verdict : [])
  const failed = verdicts.filter(({ status }) => status === 'failed')
  const busy = verdicts.filter(verdict => verdict.busy)
  tally.refused += Number(failed.length > 0 || over || verdicts.length === 0)
  tally.left += left.length
  tally.unproved += busy.length
  return [
    ...failed.map(({ title, reason }) => `Refused in lesson ${number}: ${title} (${reason}).`),
    ...busy.map(({ title }) => `Not proved in lesson ${number}: ${title}.`),
    ...over || verdicts.length === 0 ? [`No verdict in lesson ${number}.`] : [],
  ]
}

async function printedBy(child: ChildProcess): Promise<{ stdout: string, over: boolean }> {
  let stdout = ''
  let over = false
  child.stdout?.setEncoding('utf8').on('data', (text: string) => stdout += text)
  child.stderr?.resume()
  const timer = setTimeout(() => {
    over = true
    void stop(child)
  }, DEADLINE)
  await new Promise(resolve => child.once('close', resolve))
  clearTimeout(timer)
  return { stdout, over }
}

/** What a check has ended may still be on its way out. In milliseconds. */
const SETTLES = 500

/** A process that wants all of a processor. It ends with this one: what it writes to is gone then. */
function beBusy(): ChildProcess {
  return start(['sh', '-c', BUSY, 'busy', String(process.pid)])
}

// A shell that is a child of nobody else's has been left.
const BUSY = `while kill -0 "$1" 2>/dev/null; do
  i=0; while [ $i -lt 200000 ]; do i=$((i + 1)); done
done`

/** The processes that have this in their environment; what is dead and not yet buried is none. */
function markedWith(mark: string): number[] {
  return readdirSync('/proc').filter(name => /^\d+$/.test(name)).map(Number)
    .filter(pid => pid !== process.pid && readOr(`/proc/${pid}/environ`).includes(mark))
}

function tellEnd(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch { /* It has ended by itself. */ }
}

function readOr(file: string): string {
  try {
    return existsSync(file) ? readFileSync(file, 'latin1') : ''
  } catch {
    return ''
  }
}
