import { link, PAGES, textPage } from '../address.ts'
import { isLesson } from '../../scripts/workbook/book/read.ts'
import { html, raw, type Html } from '../html.ts'
import { renderCourse } from '../layout/course.ts'
import { renderDocument } from '../layout/document.ts'
import { titleOf } from '../layout/title.ts'
import type { Renderer } from '../markdown/renderer.ts'
import type { SearchRecord } from '../build/search.ts'
import type { Page, Site } from '../site.ts'

/** Each term as something that the search finds by itself. */
export function termRecords(site: Site, renderer: Renderer): SearchRecord[] {
  return site.workbook.terms.map(({ term, anchor, sentence, text }) => ({
    url: `/${PAGES.glossary}#${anchor}`,
    title: term,
    kind: 'Glossary',
    text: renderer.inline(sentence, { site, text, page: PAGES.glossary, prefix: '', lower: 0 })
      .replace(/<[^>]+>/g, '').replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'),
  }))
}

/** Every term of the book with the sentence that defines it, and the way to where it stands. */
export function renderGlossaryPage(site: Site, renderer: Renderer): Page {
  const path = PAGES.glossary
  return renderDocument(site, {
    path,
    title: 'Glossary',
    description: 'The words of the trade, each with the sentence that defines it and the page on which it stands.',
    kind: 'glossary',
    course: renderCourse(site, path),
    main: html`<header class="opening"><h1>Glossary</h1>
<p class="summary">Each word in the sentence that defines it, and where that sentence stands.</p></header>
${renderTerms(site, renderer, path)}`,
  })
}

function renderTerms(site: Site, renderer: Renderer, page: string): Html {
  const { terms } = site.workbook
  if (terms.length === 0) return html`<p>No text has defined a term yet.</p>\n`
  return html`<dl class="terms">
${terms.map(({ term, anchor, sentence, text }) => html`<div><dt id="${anchor}">${term}</dt>
<dd>${raw(renderer.inline(sentence, { site, text, page, prefix: '', lower: 0 }))} <a href="${
  link(page, textPage(text), anchor)}">${isLesson(text) ? `Lesson ${text.number}, ${text.title}` : titleOf(text)}</a></dd></div>
`)}</dl>
`
}
