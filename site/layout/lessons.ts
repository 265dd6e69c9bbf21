import type { Lesson } from '../../scripts/workbook/book/read.ts'
import { lessonPage, link } from '../address.ts'
import { html, type Html } from '../html.ts'
import { typeset } from '../markdown/typeset.ts'

/** The lessons of a part with their summaries; with `minutes`, with what each takes. */
export function renderLessons(lessons: readonly Lesson[], path: string, { minutes = false } = {}): Html {
  return html`<ol class="lessons">${lessons.map(lesson => html`<li data-lesson="${lesson.id}"><a href="${link(path, lessonPage(lesson))}"><span class="number">${
    lesson.number}</span><span class="name">${lesson.title}</span><span class="summary">${typeset(lesson.summary)}${
    minutes && html` <span class="minutes">${lesson.minutes} minutes</span>`}</span></a></li>\n`)}</ol>`
}
