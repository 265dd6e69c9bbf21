import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { PagefindIndex } from 'pagefind'
import { hashOf } from '../../scripts/workbook/text.ts'
import type { Page } from '../site.ts'
import { sourceOf, versionOf } from '../assets/version.ts'

/** The folder of the index inside the site. */
export const SEARCH_FOLDER = 'pagefind'

/** Beside the index: what it was made from. */
const MARK = 'made-from.txt'

/** Pagefind brings user interfaces of its own; the site has one. */
const UNUSED = ['ui', 'modular-ui', 'component-ui'].flatMap(name => [`pagefind-${name}.js`, `pagefind-${name}.css`])
  .concat('pagefind-highlight.js')

/** What the page adds to the text: signs, spoken words, links to a heading. */
const NOT_TEXT = ['.said', '.no', '.who', '.permalink', '.controls']

/** Something smaller than a page that can be found by itself, such as a term. */
export interface SearchRecord {
  url: string
  title: string
  kind: string
  text: string
}

/** A search index that is being made. */
export interface Search {
  /** Takes a page, if it is one to be searched. */
  add: (page: Page) => void
  /** Writes the index. One that was made from the same pages stays as it is. */
  finish: (records: readonly SearchRecord[]) => Promise<void>
  /** Ends pagefind's program, also where the build has failed. */
  close: () => Promise<void>
}

/**
 * Makes the search index of the site in `out` with pagefind, whose program runs on another core while
 * ours makes the next page. Where there is an index already it is asked only in the end, when we know
 * whether anything that is searched has changed.
 */
export function startSearch(out: string): Search {
  const folder = join(out, SEARCH_FOLDER)
  const before = readOrNothing(join(folder, MARK))
  const pages: Page[] = []
  const sent: Promise<unknown>[] = []
  let index = before === undefined ? open() : undefined
  const send = (page: Page) => {
    const answer = index!.then(opened => opened.addHTMLFile({ sourcePath: page.path, content: page.text }))
    // Whether it failed is asked in the end; until then nobody waits for it.
    answer.catch(() => {})
    sent.push(answer)
  }
  return {
    add(page) {
      if (!page.text.includes('data-pagefind-body')) return
      pages.push(page)
      if (index) send(page)
    },
    async finish(records) {
      const name = hashOf(versionOf('pagefind'), sourceOf(import.meta.url), JSON.stringify(records), ...pages.flatMap(page => [page.path, bodyOf(page.text)]))
      if (name === before) return
      if (!index) {
        index = open()
        pages.forEach(send)
      }
      const opened = await index
      await Promise.all([...sent, ...records.map(record => addRecord(opened, record))])
      await write(opened, folder, name)
    },
    async close() {
      if (!index) return
      await index.catch(() => {})
      await (await import('pagefind')).close()
    },
  }
}

async function open(): Promise<PagefindIndex> {
  const { createIndex } = await import('pagefind')
  const { index, errors } = await createIndex({ excludeSelectors: NOT_TEXT })
  if (!index) throw new Error(`pagefind: ${errors.join(', ')}`)
  return index
}

function addRecord(index: PagefindIndex, { url, title, kind, text }: SearchRecord) {
  return index.addCustomRecord({ url, content: text, language: 'en', meta: { title }, filters: { kind: [kind] } })
}

/**
 * Beside the old index, then in its place: whoever searches meanwhile finds one, and a mark is part of a whole one.
 * The files are written here: pagefind's own writeFiles() has answered before all of them were, and its program
 * was ended with the rest.
 */
async function write(index: PagefindIndex, folder: string, name: string): Promise<void> {
  const draft = `${folder}-${process.pid}`
  const { errors, files } = await index.getFiles()
  if (errors.length > 0) throw new Error(`pagefind: ${errors.join(', ')}`)
  for (const { path, content } of files) {
    if (UNUSED.includes(path)) continue
    mkdirSync(dirname(join(draft, path)), { recursive: true })
    writeFileSync(join(draft, path), content)
  }
  writeFileSync(join(draft, MARK), name)
  rmSync(folder, { recursive: true, force: true })
  renameSync(draft, folder)
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
