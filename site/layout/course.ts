import { lessonPage, link, PAGES } from '../address.ts'
import { html, type Html } from '../html.ts'
import type { Lesson } from '../../scripts/workbook/book/read.ts'
import type { Site } from '../site.ts'
import { roman } from './roman.ts'

/**
 * The course, beside every lesson: each part that has lessons, the current one marked. On a narrow
 * screen it is a popover, which the browser opens and closes without a script.
 */
export function renderCourse(site: Site, path: string, current?: Lesson): Html {
  return html`<nav id="course" class="side course" aria-label="Course" popover>
${site.workbook.parts.filter(part => part.lessons.length > 0).map(part => html`<h2 class="part"><span class="roman">${roman(part.number)}</span> ${part.name}</h2>
<ol>
${part.lessons.map(lesson => html`<li data-lesson="${lesson.id}"><a href="${link(path, lessonPage(lesson))}"${
  lesson === current && html` aria-current="${path === lessonPage(lesson) ? 'page' : 'true'}"`}><span class="number">${lesson.number}</span><span class="name">${lesson.title}</span></a></li>
`)}</ol>
`)}<p class="more"><a href="${link(path, PAGES.cover)}">All parts</a> <a href="${link(path, PAGES.glossary)}">Glossary</a></p>
</nav>
`
}
