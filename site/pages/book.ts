import { isLesson, type Part, type Text } from '../../scripts/workbook/book/read.ts'
import { PAGES } from '../address.ts'
import { html, raw, type Html } from '../html.ts'
import { hasBegun } from '../layout/course.ts'
import { renderDocument } from '../layout/document.ts'
import { roman } from '../layout/roman.ts'
import { chapterId, chapterPrefix } from '../markdown/links.ts'
import type { Renderer } from '../markdown/renderer.ts'
import type { Page, Site } from '../site.ts'
import { renderChecker } from './checker.ts'
import { renderOpening } from './lesson.ts'
import { renderPartOpening } from './part.ts'

/** The whole book on one page: to print, to search with the browser's own means, to read without a server. */
export function renderBookPage(site: Site, renderer: Renderer): Page {
  const path = PAGES.print
  const { parts, texts } = site.workbook
  return renderDocument(site, {
    path,
    title: 'The whole book',
    description: 'Every lesson on one page, to print or to search.',
    kind: 'book',
    main: html`<header class="opening"><h1>Port 12345</h1>
<p class="summary">The whole book on one page. Print it, or search it with your browser.</p></header>
<nav class="index" aria-label="Lessons">
${parts.filter(hasBegun).map(renderEntry)}</nav>
${texts.map(text =>
  raw(site.remember(`${path}#${chapterId(text)}`, text, () => renderChapter(site, text, renderer, path).text)))}`,
  })
}

function renderEntry({ number, name, page, lessons }: Part): Html {
  const words = html`Part ${roman(number)}, ${name}`
  return html`<h2>${page ? html`<a href="#${chapterId(page)}">${words}</a>` : words}</h2>
${lessons.length > 0 && html`<ol>
${lessons.map(lesson => html`<li value="${lesson.number}"><a href="#${chapterId(lesson)}">${lesson.title}</a></li>
`)}</ol>
`}`
}

function renderChapter(site: Site, text: Text, renderer: Renderer, page: string): Html {
  const prefix = chapterPrefix(text)
  const part = site.workbook.parts.find(other => other.page === text)
  return html`<article class="chapter" id="${chapterId(text)}">
${isLesson(text) ? renderOpening(site, text, page, 'h2') : part && renderPartOpening(part, text, 'h2')}<div class="text">
${raw(renderer.blocks(text.tokens, { site, text, page, prefix, lower: 1 }))}</div>
${isLesson(text) && renderChecker(text, site.tried, { prefix, level: 3 })}</article>
`
}
