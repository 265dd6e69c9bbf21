import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { canIsolate, isolated } from '../workbook/machine/isolate.ts'
import { run, typescript } from './support/child.ts'
import { quantity, ratio } from './support/figures.ts'
import type { Part, Row, Unit } from './support/part.ts'

const PORT = 12345
const LOAD = fileURLToPath(new URL('support/clients/http-load.mjs', import.meta.url))
const NODES_OWN = fileURLToPath(new URL('yardsticks/http.mjs', import.meta.url))

const TARGETS = {
  rate: { of: 'figure', most: 1 / 0.8, promise: 'a server with applications takes at most 1 / 0.8 of the processor time of node:http' },
} satisfies Part['targets']

/** What a work took, in milliseconds: by the clock, and of the server's processor. */
interface Times {
  clock: number
  processor: number
}

/** What one server did in one round, as http-load.mjs prints it. */
interface Sample {
  visits: Times
  requests?: Times
  upload?: Times
  /** What it has resident behind them, in bytes. */
  memory: number
}

const WORK = { visits: '3,000 visits', requests: '20,000 requests', upload: '1 GiB echoed' } as const

/** The web servers of the lessons, each against Node's own with the same page. */
export const httpServers: Part = {
  name: 'web servers',
  headings: ['takes', 'node:http', 'ratio'],
  targets: TARGETS,
  async run(bench) {
    // Two servers share port 12345 only where each has a network of its own; memory is read from /proc.
    if (!canIsolate()) return { rows: [], notes: ['Not measured here: it needs a network namespace of its own (Linux).'] }
    const withApplications = bench.measured('a web server with applications')
    const keeping = [...bench.measured('a web server that keeps connections'), ...withApplications]
    const rows: Row[] = []
    for (const lesson of [...bench.measured('a web server for one request'), ...keeping]) {
      const { number, folder, args } = lesson
      bench.say(`web server of lesson ${number}`)
      const server = typescript(join(bench.root, 'code', folder, 'server.ts'), ...args)
      const plain = typescript(NODES_OWN, String(PORT), join(bench.root, 'code', folder, 'page.ts'))
      const words = [PORT, bench.runs, keeping.includes(lesson), [server, plain]].map(word => JSON.stringify(word))
      const { stdout } = await run(isolated([process.execPath, LOAD, ...words]))
      const [ours, theirs] = JSON.parse(stdout) as [Sample[], Sample[]]
      const row = (what: string, unit: Unit, pick: (sample: Sample) => number): Row => {
        const [measured, yardstick] = [quantity(unit, ours.map(pick)), quantity(unit, theirs.map(pick))]
        return { what: `${number}, ${what}`, measured, yardstick, figure: ratio(measured, yardstick) }
      }
      for (const [work, what] of Object.entries(WORK) as [keyof typeof WORK, string][]) {
        if (ours[0]?.[work] === undefined) continue
        const isPromised = withApplications.includes(lesson) && work !== 'visits'
        rows.push({ ...row(what, 'ms', sample => sample[work]?.processor ?? NaN), ...(isPromised && { target: TARGETS.rate }) })
        rows.push(row(`${what}, by the clock`, 'ms', sample => sample[work]?.clock ?? NaN))
      }
      rows.push(row('memory', 'bytes', sample => sample.memory))
    }
    return {
      rows,
      notes: ['Processor time of the server, all its threads and the kernel on its behalf; by the clock for information. '
        + 'A visit connects, asks for one page and reads to the end, eight at a time. A request waits for its answer, on eight '
        + 'connections that stay. node:http makes the same page and prints the same lines, to nowhere like ours. Memory: what '
        + 'the process has resident behind the visits and requests.'],
    }
  },
}
