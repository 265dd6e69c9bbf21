import { join } from 'node:path'
import { lessonPage } from '../../site/address.ts'
import { buildSite } from '../../site/build/build.ts'
import { PROJECT_ROOT } from '../workbook/project.ts'
import { readWorkbook } from '../workbook/book/read.ts'
import { quantity } from './support/figures.ts'
import type { Part, Row } from './support/part.ts'
import { weighPage } from './support/clients/wire.ts'

/** Sizes are the same with a cache; one of its own, as each build drops the blocks of the book before. */
const CACHE = join(PROJECT_ROOT, '.cache/bench')

const TARGETS = {
  page: { of: 'measured', most: 100_000, promise: 'a lesson page: at most 100 kB over the wire compressed, fonts included' },
  script: { of: 'measured', most: 15_000, promise: 'at most 15 kB of it JavaScript' },
} satisfies Part['targets']

/** What each lesson's page weighs over the wire for somebody who comes for the first time. */
export const pageSize: Part = {
  name: 'page size',
  headings: ['gzip', 'brotli', ''],
  targets: TARGETS,
  async run({ root, scratch, say }) {
    say('page size: building the site')
    const site = join(scratch, 'pages')
    const workbook = readWorkbook(root)
    await buildSite(workbook, { out: site, cacheFolder: CACHE, search: false })
    const pages = workbook.lessons.map(lesson => ({ lesson, weight: weighPage(site, lessonPage(lesson)) }))
    const scripts = pages.map(({ weight }) => weight.script)
    const heaviest = scripts.reduce((a, b) => b.gzip > a.gzip ? b : a)
    return {
      rows: [
        ...pages.map(({ lesson, weight }): Row => ({
          what: `${lesson.number} ${lesson.title}`, measured: bytes(weight.total.gzip), yardstick: bytes(weight.total.brotli), target: TARGETS.page,
        })),
        { what: 'JavaScript of a page', measured: bytes(heaviest.gzip), yardstick: bytes(heaviest.brotli), target: TARGETS.script },
      ],
      notes: ['The page with its style sheets, fonts, script and icon, each compressed by itself; 1 kB is 1000 bytes. '
        + 'Headers and what a search loads are not in it.'],
    }
  },
}

function bytes(value: number) {
  return quantity('bytes', [value])
}
