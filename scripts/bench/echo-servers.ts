import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { canIsolate, isolated } from '../workbook/machine/isolate.ts'
import { run, typescript } from './support/child.ts'
import { quantity, ratio } from './support/figures.ts'
import type { Part, Row, Unit } from './support/part.ts'

const PORT = 12345
const LOAD = fileURLToPath(new URL('support/clients/load.mjs', import.meta.url))
const PLAIN = fileURLToPath(new URL('yardsticks/echo.mjs', import.meta.url))

/** How many clients stay connected and say nothing. */
const IDLE = [100, 1000, 5000]

/** The work, as load.mjs names it. */
const WORK = { calls: '3,000 visits', trips: '20,000 trips', bytes: '128 MB' } as const

const TARGETS = {
  rate: { of: 'figure', most: 1 / 0.9, promise: 'what serves many at once takes at most 1 / 0.9 of the processor time of a plain callback server' },
} satisfies Part['targets']

/** What a work took, in milliseconds: by the clock, and of the server's processor. */
interface Times {
  clock: number
  processor: number
}

/** What one server did in one round; of each idle client, the bytes. */
interface Sample extends Record<keyof typeof WORK, Times> {
  idle: number[]
}

/** The echo servers of the lessons, each against a plain `node:net` server with callbacks. */
export const echoServers: Part = {
  name: 'echo servers',
  headings: ['takes', 'plain', 'ratio'],
  targets: TARGETS,
  async run(bench) {
    const many = bench.measured('echo servers')
    const lessons = [...bench.measured('an echo server for one at a time'), ...many]
    // Two servers share port 12345 only where each has a network of its own; memory is read from /proc.
    if (!canIsolate()) return { rows: [], notes: ['Not measured here: it needs a network namespace of its own (Linux).'] }
    const rows: Row[] = []
    for (const lesson of lessons) {
      const { number, folder: name, args } = lesson
      const servesMany = many.includes(lesson)
      bench.say(`echo server of lesson ${number}`)
      const server = typescript(join(bench.root, 'code', name, 'server.ts'), ...args)
      const plain = [process.execPath, PLAIN, String(PORT)]
      const idle = servesMany ? IDLE : []
      const words = [PORT, bench.runs, idle, [server, plain]].map(word => JSON.stringify(word))
      const { stdout } = await run(isolated([process.execPath, LOAD, ...words]))
      const [ours, theirs] = JSON.parse(stdout) as [Sample[], Sample[]]
      const row = (what: string, unit: Unit, pick: (sample: Sample) => number): Row => {
        const [measured, yardstick] = [quantity(unit, ours.map(pick)), quantity(unit, theirs.map(pick))]
        return { what, measured, yardstick, figure: ratio(measured, yardstick) }
      }
      const target = servesMany ? { target: TARGETS.rate } : {}
      for (const work of Object.keys(WORK) as (keyof typeof WORK)[]) {
        rows.push({ ...row(`lesson ${number}, ${WORK[work]}`, 'ms', sample => sample[work].processor), ...target })
        rows.push(row(`${number}, by the clock`, 'ms', sample => sample[work].clock))
      }
      rows.push(...idle.map((count, index) => row(`${number}, each of ${count} idle`, 'bytes', sample => sample.idle[index]!)))
    }
    return {
      rows,
      notes: ['Processor time of the server, all its threads and the kernel on its behalf; by the clock for information, '
        + 'as a machine that does other things as well disturbs the one and not the other. A visit connects, says Hello, ends and reads to the end, four at a time. A round trip waits for its answer. '
        + 'The plain server prints the same lines, to nowhere like ours. Memory: what the process has resident, more than '
        + 'with no client, divided by the clients; for information, as a hundred clients hide in what a process has anyway.'],
    }
  },
}
