import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { lessonPage } from '../../site/address.ts'
import { readWorkbook } from '../workbook/book/read.ts'
import { nameOf } from './support/build.ts'
import { commandIn, start, stop } from './support/child.ts'
import { makeCopies, type Shelf } from './support/copies.ts'
import { quantity, ratio } from './support/figures.ts'
import { interleave } from './support/interleave.ts'
import type { Bench, Part, Row } from './support/part.ts'
import { linesOf, type Lines } from './support/waiting.ts'

const YARDSTICK = fileURLToPath(new URL('yardsticks/save.mjs', import.meta.url))
/** Where npm run dev sends its news (site/server/preview.ts). */
const EVENTS = '/-/events'

/** How many lessons the books should have: one copy of the book, and the course as planned. */
const SIZES = [1, 40]

/** Saves for each run: a save is short, and the machine is not quiet. */
const TIMES = 3

const TARGETS = {
  reload: { of: 'measured', most: 200, promise: 'from saving a lesson to the browser showing it: under 200 ms' },
} satisfies Part['targets']

/** From saving a lesson to the browser being told to reload, against a script that renders that lesson alone. */
export const save: Part = {
  name: 'save to reload',
  headings: ['dev', 'script', 'ratio'],
  targets: TARGETS,
  async run(bench) {
    const shelves = SIZES.map(size => makeCopies(bench.root, size, join(bench.scratch, `save-${size}`)))
    const rows: Row[] = []
    for (const shelf of shelves.filter(({ roots }) => roots.length === 1)) rows.push(await measure(shelf, bench))
    return {
      rows,
      notes: ['A sentence is added to the longest lesson. The script watches that file and '
        + 'renders it with markdown-it and shiki. Three saves for each run.'],
    }
  },
}

async function measure(shelf: Shelf, bench: Bench): Promise<Row> {
  const [root = ''] = shelf.roots
  const lesson = readWorkbook(root).lessons.reduce((a, b) => b.body.length > a.body.length ? b : a)
  const alone = join(bench.scratch, 'alone.md')
  writeFileSync(alone, lesson.source)
  const dev = start(commandIn(root, 'dev', '--port', '0'))
  const script = start([process.execPath, YARDSTICK, alone, join(bench.scratch, 'alone.html')])
  try {
    const news = await newsOf(dev)
    const said = linesOf(script.stdout!)
    await said.next(line => line === String(lesson.source.length))
    const [measured = [], yardstick = []] = await interleave(bench, `save to reload, ${nameOf(shelf)}`, [
      saving(join(root, lesson.file), async () => {
        const line = await news.next(line => line.includes(lessonPage(lesson)) || line.includes('"problem"'))
        if (line.includes('"problem"')) throw new Error(`npm run dev found a problem: ${line}`)
      }),
      saving(alone, async length => void await said.next(line => line === String(length))),
    ], { times: TIMES })
    const [one, other] = [quantity('ms', measured), quantity('ms', yardstick)]
    return { what: nameOf(shelf), measured: one, yardstick: other, figure: ratio(one, other), target: TARGETS.reload }
  } finally {
    await Promise.all([stop(dev), stop(script)])
  }
}

/** A job that saves a file with one more sentence than before, until somebody has noticed. */
function saving(file: string, noticed: (length: number) => Promise<void>): () => Promise<number> {
  let text = readFileSync(file, 'utf8')
  return async () => {
    text += '\nThis sentence was not there before.\n'
    const begin = performance.now()
    writeFileSync(file, text)
    await noticed(text.length)
    return performance.now() - begin
  }
}

/** What an open page hears from npm run dev, once the first build is done. */
async function newsOf(dev: ChildProcess): Promise<Lines> {
  const printed = linesOf(dev.stdout!)
  const [, address = ''] = /(http:\S+)/.exec(await printed.next(line => line.includes('http:'))) ?? []
  await printed.next(line => line.includes('built in'))
  const [response] = await once(get(address + EVENTS), 'response') as [IncomingMessage]
  const news = linesOf(response)
  await news.next(line => line.startsWith(':'))
  return news
}
