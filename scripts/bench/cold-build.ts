import { join } from 'node:path'
import { buildOnce, nameOf, renderOnce } from './support/build.ts'
import { bookItself, makeCopies, type Shelf } from './support/copies.ts'
import { each, quantity, ratio } from './support/figures.ts'
import { interleave } from './support/interleave.ts'
import type { Part, Quantity, Row } from './support/part.ts'

const TARGETS = {
  ratio: { of: 'figure', most: 1.5, promise: 'a build of the course takes at most 1.5 times a bare loop over the same lessons' },
  wasm: { of: 'figure', most: 2, promise: 'and at most 2 times the same loop with the engine that the site uses itself' },
  growth: { of: 'figure', most: 1.2, promise: 'a lesson among 400 costs at most 1.2 times what a lesson among 40 costs' },
} satisfies Part['targets']

/** How many lessons the copies should have: the course as planned, and ten times that. */
const SIZES = [40, 400]

/** A course has no more lessons than this. Of a larger one it is the cost of each lesson that counts. */
const COURSE = 45

/** What it takes to build one shelf, and to run the bare loop over it, with either engine. */
interface Cost {
  shelf: Shelf
  build: Quantity
  loop: Quantity
  wasm: Quantity
}

/** A build with nothing to begin from, against a bare loop of markdown-it and shiki over the same lessons. */
export const coldBuild: Part = {
  name: 'cold build',
  headings: ['build', 'bare loop', 'ratio'],
  targets: TARGETS,
  async run(bench) {
    const book = bookItself(bench.root)
    const copies = SIZES.filter(size => size > book.lessons)
      .map(size => makeCopies(bench.root, size, join(bench.scratch, `copies-${size}`)))
    const shelves = [book, ...copies]
    const folder = join(bench.scratch, 'cold')
    const build = async (shelf: Shelf) => (await buildOnce(shelf, folder, { cold: true })).ms

    // What is loaded for the first time is slow for reasons that are not ours; the largest need no second go.
    await build(book)
    await renderOnce(book, 'javascript')
    const jobs = shelves.flatMap(shelf => [
      () => build(shelf),
      () => renderOnce(shelf, 'javascript'),
      () => renderOnce(shelf, 'wasm'),
    ])
    const samples = await interleave(bench, 'cold build', jobs, { warmUp: 0 })
    const costs = shelves.map((shelf, index): Cost => ({
      shelf,
      build: quantity('ms', samples[3 * index]!),
      loop: quantity('ms', samples[3 * index + 1]!),
      wasm: quantity('ms', samples[3 * index + 2]!),
    }))
    return {
      rows: [...costs.map(wholeRow), ...costs.map(wasmRow), ...costs.map(lessonRow), ...growthRow(costs)],
      notes: [
        `Fastest run of each, where others disturbed least: ${costs.map(fastest).join(', ')}.`,
        'The loop is that of the measured toolchain, with shiki\'s JavaScript engine; the site and the loop "on WASM" use '
        + 'Oniguruma, which gives the same HTML and is ready sooner.',
        'Each is a process of its own; the build is compiled beforehand, as npm run build is. It begins with an empty cache and writes the site with its '
        + 'search index; the loop is plain JavaScript and writes nothing. Copies are written as valid books of at most '
        + '45 lessons whose code differs from copy to copy; several books are read one by one and built as one site.',
      ],
    }
  },
}

function wholeRow({ shelf, build, loop }: Cost): Row {
  const row = { what: nameOf(shelf), measured: build, yardstick: loop, figure: ratio(build, loop) }
  return shelf.lessons <= COURSE ? { ...row, target: TARGETS.ratio } : row
}

/** The strictest loop there is: it is ready as soon as the site. */
function wasmRow({ shelf, build, wasm }: Cost): Row {
  const row = { what: `${shelf.lessons} lessons, loop on WASM`, measured: build, yardstick: wasm, figure: ratio(build, wasm) }
  return shelf.lessons <= COURSE ? { ...row, target: TARGETS.wasm } : row
}

function lessonRow({ shelf, build, loop }: Cost): Row {
  return { what: `for each of ${shelf.lessons}`, measured: each(build, shelf.lessons), yardstick: each(loop, shelf.lessons) }
}

/** Others only ever slow a run down, and a build on two cores more than a loop on one. */
function fastest({ shelf, build, loop }: Cost): string {
  const [one, other] = [build, loop].map(({ samples }) => Math.min(...samples)) as [number, number]
  return `${(one / other).toFixed(2)} for ${shelf.lessons}`
}

/** Whether a lesson costs more among many: a row of its own, in which few lessons are the yardstick of many. */
function growthRow(costs: readonly Cost[]): Row[] {
  const [few, many] = costs.slice(1)
  if (!few || !many) return []
  const [a, b] = [each(many.build, many.shelf.lessons), each(few.build, few.shelf.lessons)]
  const what = `one of ${many.shelf.lessons} / one of ${few.shelf.lessons}`
  return [{ what, measured: a, yardstick: b, figure: ratio(a, b), target: TARGETS.growth }]
}
