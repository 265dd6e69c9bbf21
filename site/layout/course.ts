import { lessonPage, link, PAGES, partPage } from '../address.ts'
import { html, type Html } from '../html.ts'
import type { Part, Text } from '../../scripts/workbook/book/read.ts'
import type { Site } from '../site.ts'
import { roman } from './roman.ts'

/**
 * The course, beside every lesson: each part that has begun, the current place marked. On a narrow
 * screen it is a popover, which the browser opens and closes without a script.
 */
export function renderCourse(site: Site, path: string, current?: Text): Html {
  return html`<nav id="course" class="side course" aria-label="Course" popover>
${site.workbook.parts.filter(hasBegun).map(part => html`<h2 class="part">${renderName(part, path, current)}</h2>
${part.lessons.length > 0 && html`<ol>
${part.lessons.map(lesson => html`<li data-lesson="${lesson.id}"><a href="${link(path, lessonPage(lesson))}"${
  lesson === current && html` aria-current="${path === lessonPage(lesson) ? 'page' : 'true'}"`}><span class="number">${lesson.number}</span><span class="name">${lesson.title}</span></a></li>
`)}</ol>
`}`)}<p class="more"><a href="${link(path, PAGES.cover)}">All parts</a> <a href="${link(path, PAGES.glossary)}">Glossary</a></p>
</nav>
`
}

/** Whether there is something of a part to be read. */
export function hasBegun({ page, lessons }: Part): boolean {
  return page !== undefined || lessons.length > 0
}

function renderName({ number, name, page }: Part, path: string, current: Text | undefined): Html {
  const words = html`<span class="roman">${roman(number)}</span> ${name}`
  return page ? html`<a href="${link(path, partPage(page))}"${page === current && html` aria-current="page"`}>${words}</a>` : words
}
