import type { Lesson } from '../../scripts/workbook/book/read.ts'
import { codePage, lessonPage, link, partPage } from '../address.ts'
import { html, raw, type Html } from '../html.ts'
import { renderContents } from '../layout/contents.ts'
import { renderCourse } from '../layout/course.ts'
import { renderDocument } from '../layout/document.ts'
import { renderPager } from '../layout/pager.ts'
import { roman } from '../layout/roman.ts'
import { titleOf } from '../layout/title.ts'
import type { Renderer } from '../markdown/renderer.ts'
import { chapterId } from '../markdown/links.ts'
import { typeset } from '../markdown/typeset.ts'
import type { Page, Site } from '../site.ts'
import { checkerEntry, renderChecker } from './checker.ts'

/** The page of a lesson. */
export function renderLessonPage(site: Site, lesson: Lesson, renderer: Renderer): Page {
  const path = lessonPage(lesson)
  return { path, text: site.remember(path, lesson, () => makeLessonPage(site, lesson, renderer, path)) }
}

function makeLessonPage(site: Site, lesson: Lesson, renderer: Renderer, path: string): string {
  const text = renderer.blocks(lesson.tokens, { site, text: lesson, page: path, prefix: '', lower: 0 })
  return renderDocument(site, {
    path,
    title: titleOf(lesson),
    description: typeset(lesson.summary),
    kind: 'lesson',
    search: 'Lesson',
    course: renderCourse(site, path, lesson),
    contents: renderContents([
      ...lesson.headings.filter(heading => heading.level === 2 || heading.level === 3),
      ...checkerEntry(lesson, site.tried),
    ]),
    main: html`<article data-lesson="${lesson.id}" data-pagefind-meta="number:${lesson.number}">
${renderOpening(site, lesson, path)}<div class="text">
${raw(text)}</div>
${renderChecker(lesson, site.tried)}</article>
${renderDone(lesson)}${renderPager(site.workbook, lesson)}`,
  }).text
}

/** What stands above the text of a lesson: where we are, what it is about, what it takes. */
export function renderOpening(site: Site, lesson: Lesson, path: string, title: 'h1' | 'h2' = 'h1'): Html {
  const part = site.workbook.parts.find(other => other.lessons.includes(lesson))
  const where = part && html`Part ${roman(part.number)}, ${part.name}`
  // On the page of the whole book a lesson is a chapter, as the page of its part is.
  const address = part?.page && (title === 'h1' ? link(path, partPage(part.page)) : `#${chapterId(part.page)}`)
  const heading = title === 'h1' ? html`<h1>${lesson.title}</h1>` : html`<h2 class="h1">${lesson.title}</h2>`
  return html`<header class="opening">
<p class="where">${where && html`<span>${address === undefined ? where : html`<a href="${address}">${where}</a>`}</span>`}<span class="count">Lesson ${lesson.number}</span></p>
${heading}
<p class="summary">${typeset(lesson.summary)}</p>
<ul class="facts" data-pagefind-ignore><li>${lesson.minutes} minutes</li>${lesson.needs.length > 0 && html`<li>needs ${
  lesson.needs.map((tool, index) => html`${index > 0 && ', '}<code>${tool}</code>`)}</li>`}<li><a href="${link(path, codePage(lesson))}">the whole program</a></li></ul>
</header>
`
}

function renderDone(lesson: Lesson): Html {
  return html`<p class="finish needs-js"><button type="button" data-done="${lesson.id}" aria-pressed="false"><span class="tick" aria-hidden="true"></span>Mark lesson ${lesson.number} as done</button> <span class="note"></span></p>
`
}
