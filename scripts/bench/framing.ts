import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run, typescript } from './support/child.ts'
import { quantity, ratio } from './support/figures.ts'
import type { Part, Row } from './support/part.ts'

const WORK = fileURLToPath(new URL('support/clients/framing.mjs', import.meta.url))

const TARGETS = {
  concat: { of: 'figure', most: 0.2, promise: 'a message in pieces of 1 kB costs at most a fifth of Buffer.concat in a loop' },
  linear: { of: 'figure', most: 3, promise: 'a message twice as long takes at most three times as long' },
} satisfies Part['targets']

/** What it costs to find the end of a message that arrives in many pieces. */
export const framing: Part = {
  name: 'framing',
  headings: ['takes', 'beside', 'ratio'],
  targets: TARGETS,
  async run(bench) {
    const rows: Row[] = []
    for (const { number, folder } of bench.measured('framing')) {
      bench.say(`framing of lesson ${number}`)
      const { stdout } = await run(typescript(WORK, join(bench.root, 'code', folder, 'incoming.ts'), String(bench.runs)))
      const [thousand, concat, fifty, hundred, single, counted] = (JSON.parse(stdout) as number[][]).map(samples => quantity('ms', samples))
      if (!thousand || !concat || !fifty || !hundred || !single || !counted) throw new Error(`framing.mjs printed ${stdout}`)
      const row = (what: string, measured: typeof single, yardstick: typeof single) =>
        ({ what: `lesson ${number}, ${what}`, measured, yardstick, figure: ratio(measured, yardstick) })
      rows.push(
        { ...row('1 kB, Buffer.concat', thousand, concat), target: TARGETS.concat },
        { ...row('100 MB, 50 MB', hundred, fifty), target: TARGETS.linear },
        row('1 byte, counted only', single, counted),
      )
    }
    return {
      rows,
      notes: ['A message of 10 MB and its end, handed over without a network in pieces of 1 kB, or of one byte, where the '
        + 'turns of the loop cost more than the bytes: beside them, the same pieces counted and thrown away.'],
    }
  },
}
