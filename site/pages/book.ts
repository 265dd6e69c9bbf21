import type { Lesson } from '../../scripts/workbook/book/read.ts'
import { PAGES } from '../address.ts'
import { html, raw, type Html } from '../html.ts'
import { renderDocument } from '../layout/document.ts'
import { roman } from '../layout/roman.ts'
import { lessonPrefix } from '../markdown/links.ts'
import type { Renderer } from '../markdown/renderer.ts'
import type { Page, Site } from '../site.ts'
import { renderChecker } from './checker.ts'
import { renderOpening } from './lesson.ts'

/** The whole book on one page: to print, to search with the browser's own means, to read without a server. */
export function renderBookPage(site: Site, renderer: Renderer): Page {
  const path = PAGES.print
  return renderDocument(site, {
    path,
    title: 'The whole book',
    description: 'Every lesson on one page, to print or to search.',
    kind: 'book',
    main: html`<header class="opening"><h1>Port 12345</h1>
<p class="summary">The whole book on one page. Print it, or search it with your browser.</p></header>
<nav class="index" aria-label="Lessons">
${site.workbook.parts.filter(part => part.lessons.length > 0).map(part => html`<h2>Part ${roman(part.number)}, ${part.name}</h2>
<ol>
${part.lessons.map(lesson => html`<li value="${lesson.number}"><a href="#${lesson.folder}">${lesson.title}</a></li>
`)}</ol>
`)}</nav>
${site.workbook.lessons.map(lesson =>
  raw(site.remember(`${path}#${lesson.folder}`, lesson, () => renderChapter(site, lesson, renderer, path).text)))}`,
  })
}

function renderChapter(site: Site, lesson: Lesson, renderer: Renderer, page: string): Html {
  const prefix = lessonPrefix(lesson)
  return html`<article class="chapter" id="${lesson.folder}">
${renderOpening(site, lesson, page, 'h2')}<div class="text">
${raw(renderer.blocks(lesson.tokens, { site, lesson, page, prefix, lower: 1 }))}</div>
${renderChecker(lesson, site.tried, { prefix, level: 3 })}</article>
`
}
