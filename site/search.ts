import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hashOf } from '../scripts/workbook/text.ts'
import { writeFiles } from './output.ts'
import type { Page } from './site.ts'

/** The folder of the index inside the site. */
export const SEARCH_FOLDER = 'pagefind'

/** Beside the index: what it was made from. */
const MARK = 'made-from.txt'

/** Pagefind brings three user interfaces of its own; the site has one. */
const UNUSED_RE = /(^|\/)(pagefind-(ui|modular-ui|component-ui|highlight)\b.*)$/

/** What the page adds to the text: signs, spoken words, links to a heading. */
const NOT_TEXT = ['.said', '.no', '.who', '.permalink', '.controls']

/** Changes when the index is made otherwise. */
const METHOD = `pagefind 1.5.2 ${NOT_TEXT.join()}`

/** Something smaller than a page that can be found by itself, such as a term. */
export interface SearchRecord {
  url: string
  title: string
  kind: string
  text: string
}

/**
 * Makes the search index with pagefind, whose program runs beside ours on another core. It is not
 * made again for pages whose searched parts are as they were.
 */
export async function buildSearch(
  pages: readonly Page[],
  records: readonly SearchRecord[],
  out: string,
): Promise<void> {
  const searched = pages.filter(page => page.text.includes('data-pagefind-body'))
  const name = hashOf(METHOD, JSON.stringify(records), ...searched.flatMap(page => [page.path, bodyOf(page.text)]))
  const mark = join(out, SEARCH_FOLDER, MARK)
  if (readOrNothing(mark) === name) return

  const { createIndex, close } = await import('pagefind')
  const { index, errors } = await createIndex({ excludeSelectors: NOT_TEXT })
  if (!index) throw new Error(`pagefind: ${errors.join(', ')}`)
  await Promise.all([
    ...searched.map(page => index.addHTMLFile({ sourcePath: page.path, content: page.text })),
    ...records.map(({ url, title, kind, text }) =>
      index.addCustomRecord({ url, content: text, language: 'en', meta: { title }, filters: { kind: [kind] } })),
  ])
  const { files } = await index.getFiles()
  await close()

  // New files first, then old ones out, the mark last: whoever searches meanwhile finds an index, and
  // a mark stands only beside a whole one.
  const used = files.filter(({ path }) => !UNUSED_RE.test(path)).map(({ path, content }) => [path, content] as const)
  writeFiles(join(out, SEARCH_FOLDER), new Map(used), () => false)
  writeFileSync(mark, name)
}

// A new style sheet changes every page and nothing that is searched.
function bodyOf(text: string): string {
  return text.slice(text.indexOf('data-pagefind-body'), text.indexOf('</main>'))
}

function readOrNothing(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
