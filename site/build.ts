import type { Workbook } from '../scripts/workbook/workbook.ts'
import { buildAssets } from './assets/assets.ts'
import { charactersOf } from './assets/fonts.ts'
import { readFigures } from './figures.ts'
import { createHighlighter } from './highlight/highlighter.ts'
import { blocksOf, downloadsOf, textsOf } from './ingredients.ts'
import { createRenderer, type Renderer } from './markdown/renderer.ts'
import { writeFiles, type Written } from './output.ts'
import { renderBookPage } from './pages/book.ts'
import { renderCoverPage } from './pages/cover.ts'
import { renderGlossaryPage, termRecords } from './pages/glossary.ts'
import { renderLessonPage } from './pages/lesson.ts'
import { renderNotFoundPage } from './pages/not-found.ts'
import { renderProgramPage } from './pages/program.ts'
import { buildSearch, SEARCH_FOLDER } from './search.ts'
import type { Page, Site } from './site.ts'

export interface BuildOptions {
  /** The folder of the finished site. What is in it and not of this build is removed. */
  out: string
  /** Where highlighted blocks, fonts and the like are kept from one build to the next; none: all is made anew. */
  cacheFolder?: string
  /** `false` leaves the search as it is: it takes longer than all the rest, and a preview can wait for it. */
  search?: boolean
}

export interface BuildResult extends Written {
  pages: number
  /** Blocks that had to be highlighted anew. */
  highlighted: number
}

/** Builds the site of a workbook. */
export async function buildSite(workbook: Workbook, options: BuildOptions): Promise<BuildResult> {
  const { out, cacheFolder, search = true } = options
  const assets = await buildAssets(charactersOf(textsOf(workbook)), cacheFolder)
  const highlighter = await createHighlighter(blocksOf(workbook), cacheFolder)
  const site: Site = { workbook, highlighter, figures: readFigures(workbook.root), assets }
  const renderer = createRenderer()
  const pages = renderPages(site, renderer)
  // The search is made by a program of its own, beside what follows.
  const searching = search ? buildSearch(pages, termRecords(site, renderer), out) : undefined
  const files = new Map<string, string | Uint8Array>([
    ...await assets.files,
    ...downloadsOf(workbook),
    ...pages.map(page => [page.path, page.text] as const),
  ])
  const written = writeFiles(out, files, path => path.startsWith(`${SEARCH_FOLDER}/`))
  await searching
  return { ...written, pages: pages.length, highlighted: highlighter.fresh }
}

function renderPages(site: Site, renderer: Renderer): Page[] {
  return [
    renderCoverPage(site),
    ...site.workbook.lessons.flatMap(lesson => [
      renderLessonPage(site, lesson, renderer),
      renderProgramPage(site, lesson),
    ]),
    renderGlossaryPage(site, renderer),
    renderBookPage(site, renderer),
    renderNotFoundPage(site),
  ]
}
