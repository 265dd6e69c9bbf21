import { join } from 'node:path'
import { buildOnce, nameOf } from './support/build.ts'
import { bookItself, makeCopies, type Shelf } from './support/copies.ts'
import { quantity, ratio } from './support/figures.ts'
import { interleave } from './support/interleave.ts'
import type { Bench, Part, Row } from './support/part.ts'

/** How many lessons the copies should have: the course as planned. */
const SIZE = 40

/** The same build a second time, with the cache and the site of the first. */
export const warmBuild: Part = {
  name: 'warm build',
  headings: ['again', 'cold', 'ratio'],
  targets: {},
  async run(bench) {
    const book = bookItself(bench.root)
    const copies = book.lessons < SIZE ? [makeCopies(bench.root, SIZE, join(bench.scratch, `warm-copies`))] : []
    const rows: Row[] = []
    for (const shelf of [book, ...copies]) rows.push(await againstCold(shelf, bench))
    return { rows }
  },
}

async function againstCold(shelf: Shelf, bench: Bench): Promise<Row> {
  const folder = join(bench.scratch, 'warm')
  const [cold = [], again = []] = await interleave(bench, `warm build, ${nameOf(shelf)}`, [
    async () => (await buildOnce(shelf, folder, { cold: true })).ms,
    async () => (await buildOnce(shelf, folder, { cold: false })).ms,
  ], { warmUp: 0 })
  const [measured, yardstick] = [quantity('ms', again), quantity('ms', cold)]
  return { what: nameOf(shelf), measured, yardstick, figure: ratio(measured, yardstick) }
}
