import type { PartPage } from '../../scripts/workbook/book/part-pages.ts'
import type { Part } from '../../scripts/workbook/book/read.ts'
import { partPage } from '../address.ts'
import { html, raw, type Html } from '../html.ts'
import { renderContents, type ContentsEntry } from '../layout/contents.ts'
import { renderCourse } from '../layout/course.ts'
import { renderDocument } from '../layout/document.ts'
import { renderLessons } from '../layout/lessons.ts'
import { renderPager } from '../layout/pager.ts'
import { titleOf } from '../layout/title.ts'
import type { Renderer } from '../markdown/renderer.ts'
import { typeset } from '../markdown/typeset.ts'
import type { Page, Site } from '../site.ts'

const AGENDA: ContentsEntry = { level: 2, text: 'The lessons of this part', anchor: 'the-lessons-of-this-part' }

/** The page with which a part opens: its text, and the lessons that follow. */
export function renderPartPage(site: Site, part: Part, page: PartPage, renderer: Renderer): Page {
  const path = partPage(page)
  return { path, text: site.remember(path, page, () => makePartPage(site, part, page, renderer)) }
}

function makePartPage(site: Site, part: Part, page: PartPage, renderer: Renderer): string {
  const path = partPage(page)
  return renderDocument(site, {
    path,
    title: titleOf(page),
    description: typeset(page.summary),
    kind: 'part',
    search: 'Part',
    course: renderCourse(site, path, page),
    contents: renderContents([...page.headings.filter(({ level }) => level === 2 || level === 3), AGENDA]),
    // Whoever searches the lessons finds the pages of their parts too.
    main: html`<article data-pagefind-filter="kind:Lesson">
${renderPartOpening(part, page)}<div class="text">
${raw(renderer.blocks(page.tokens, { site, text: page, page: path, prefix: '', lower: 0 }))}</div>
</article>
${renderAgenda(part, path)}${renderPager(site.workbook, page)}`,
  }).text
}

/** What stands above the text of a part: what it is about, how long it is. */
export function renderPartOpening({ lessons }: Part, page: PartPage, title: 'h1' | 'h2' = 'h1'): Html {
  const minutes = lessons.reduce((sum, lesson) => sum + lesson.minutes, 0)
  return html`<header class="opening">
${title === 'h1' ? html`<h1>${titleOf(page)}</h1>` : html`<h2 class="h1">${titleOf(page)}</h2>`}
<p class="summary">${typeset(page.summary)}</p>
${lessons.length > 0 && html`<ul class="facts" data-pagefind-ignore><li>${lessons.length} ${
  lessons.length === 1 ? 'lesson' : 'lessons'}</li><li>${minutes} minutes</li></ul>
`}</header>
`
}

function renderAgenda({ first, last, lessons }: Part, path: string): Html {
  const { text, anchor } = AGENDA
  return html`<section class="agenda" aria-labelledby="${anchor}" data-pagefind-ignore>
<div class="heading h2"><h2 id="${anchor}">${text}</h2><a class="permalink" href="#${anchor}" aria-label="Link to: ${text}"><span aria-hidden="true">#</span></a></div>
${lessons.length > 0 ? renderLessons(lessons, path, { minutes: true }) : html`<p>Lessons ${first} to ${last}, to come</p>`}
</section>
`
}
