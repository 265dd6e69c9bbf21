import { setImmediate } from 'node:timers/promises'
import type { Workbook } from '../../scripts/workbook/book/read.ts'
import { buildAssets } from '../assets/assets.ts'
import { charactersOf } from '../assets/fonts.ts'
import { readFigures } from '../markdown/read-figures.ts'
import { createHighlighter } from '../highlight/highlighter.ts'
import { blocksOf, downloadsOf, textsOf } from './ingredients.ts'
import { createMemory } from './memory.ts'
import { createRenderer, type Renderer } from '../markdown/renderer.ts'
import { writeFiles, type Written } from './output.ts'
import { renderBookPage } from '../pages/book.ts'
import { renderCoverPage } from '../pages/cover.ts'
import { renderGlossaryPage, termRecords } from '../pages/glossary.ts'
import { renderLessonPage } from '../pages/lesson.ts'
import { renderNotFoundPage } from '../pages/not-found.ts'
import { renderPartPage } from '../pages/part.ts'
import { renderProgramPage } from '../pages/program.ts'
import { SEARCH_FOLDER, startSearch } from './search.ts'
import type { Page, Site, Tried } from '../site.ts'

export interface BuildOptions {
  /** The folder of the finished site. What is in it and not of this build is removed. */
  out: string
  /** Where highlighted blocks, fonts and the like are kept from one build to the next; none: all is made anew. */
  cacheFolder?: string
  /** `false` leaves the search as it is: it takes longer than all the rest, and a preview can wait for it. */
  search?: boolean
  /** What the checker tries, by the lesson's number; nothing unless given. */
  tried?: ReadonlyMap<number, Tried>
}

export interface BuildResult extends Written {
  pages: number
  /** Blocks that had to be highlighted anew. */
  highlighted: number
}

/** Builds the site of a workbook. */
export async function buildSite(workbook: Workbook, options: BuildOptions): Promise<BuildResult> {
  const { out, cacheFolder, search: searched = true, tried = new Map() } = options
  const texts = [...textsOf(workbook), ...[...tried.values()].flatMap(({ own }) => own)]
  const assets = await buildAssets(charactersOf(texts), cacheFolder)
  const highlighter = await createHighlighter(blocksOf(workbook), cacheFolder)
  const figures = readFigures(workbook.root)
  const remember = createMemory(workbook, assets, figures.all, tried)
  const site: Site = { workbook, highlighter, figures, assets, tried, remember }
  const renderer = createRenderer()
  const search = searched ? startSearch(out) : undefined
  try {
    const pages: Page[] = []
    for (const page of renderPages(site, renderer)) {
      pages.push(page)
      search?.add(page)
      // Lets the search and the fonts, which are made beside, have their word.
      await setImmediate()
    }
    highlighter.save()
    const files = new Map<string, string | Uint8Array>([
      ...await assets.files,
      ...downloadsOf(workbook),
      ...pages.map(page => [page.path, page.text] as const),
    ])
    const written = writeFiles(out, files, path => path.startsWith(SEARCH_FOLDER))
    await search?.finish(termRecords(site, renderer))
    return { ...written, pages: pages.length, highlighted: highlighter.fresh() }
  } finally {
    await search?.close()
  }
}

function* renderPages(site: Site, renderer: Renderer): Generator<Page> {
  for (const part of site.workbook.parts) {
    if (part.page) yield renderPartPage(site, part, part.page, renderer)
  }
  for (const lesson of site.workbook.lessons) {
    yield renderLessonPage(site, lesson, renderer)
    yield renderProgramPage(site, lesson)
  }
  yield renderCoverPage(site)
  yield renderGlossaryPage(site, renderer)
  yield renderBookPage(site, renderer)
  yield renderNotFoundPage(site)
}
