import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { canIsolate, isolated } from '../workbook/machine/isolate.ts'
import { run, typescript } from './support/child.ts'
import { quantity, ratio } from './support/figures.ts'
import type { Part, Row } from './support/part.ts'

const PORT = 12345
const LOAD = fileURLToPath(new URL('support/clients/slow-readers.mjs', import.meta.url))
const CARELESS = fileURLToPath(new URL('yardsticks/echo-without-backpressure.mjs', import.meta.url))

const CLIENTS = 1000
const SENT = 512 * 1024

const TARGETS = {
  bounded: { of: 'measured', most: 400_000, promise: 'a client that never reads holds at most 0.4 MB of the server' },
} satisfies Part['targets']

/** What clients cost that send and never read, with backpressure and without. */
export const slowReaders: Part = {
  name: 'slow readers',
  headings: ['holds', 'careless', 'ratio'],
  targets: TARGETS,
  async run(bench) {
    if (!canIsolate()) return { rows: [], notes: ['Not measured here: it needs a network namespace of its own (Linux).'] }
    const rows: Row[] = []
    for (const { number, folder: name, args } of bench.measured('slow readers')) {
      bench.say(`slow readers of lesson ${number}`)
      const server = typescript(join(bench.root, 'code', name, 'server.ts'), ...args)
      const careless = [process.execPath, CARELESS, String(PORT)]
      const words = [PORT, bench.runs, CLIENTS, SENT, [server, careless]].map(word => JSON.stringify(word))
      const { stdout } = await run(isolated([process.execPath, LOAD, ...words]))
      const [ours = [], theirs = []] = JSON.parse(stdout) as number[][]
      const [measured, yardstick] = [quantity('bytes', ours), quantity('bytes', theirs)]
      rows.push({
        what: `lesson ${number}, each of ${CLIENTS}`, measured, yardstick, figure: ratio(measured, yardstick), target: TARGETS.bounded,
      })
    }
    return {
      rows,
      notes: [`Each of ${CLIENTS} clients sends ${SENT / 1024} KB, or as much as it can, and never reads. What the process has `
        + 'resident, more than with no client, divided by the clients. The careless server writes without asking, and holds it all.'],
    }
  },
}
