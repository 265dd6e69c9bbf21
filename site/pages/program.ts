import type { ChangedLine, FileChange } from '../../scripts/workbook/snippet/changes.ts'
import type { Lesson } from '../../scripts/workbook/book/read.ts'
import { codePage, download, fileAnchor, lessonPage, link } from '../address.ts'
import { codeBlock, fileLines } from '../highlight/code.ts'
import { html, type Html } from '../html.ts'
import { languageOfFile } from '../highlight/languages.ts'
import { renderContents } from '../layout/contents.ts'
import { renderCourse } from '../layout/course.ts'
import { renderDocument } from '../layout/document.ts'
import type { Page, Site } from '../site.ts'

/** The page of the program as it stands at the end of a lesson: every line has an address. */
export function renderProgramPage(site: Site, lesson: Lesson): Page {
  const path = codePage(lesson)
  return { path, text: site.remember(path, lesson, () => makeProgramPage(site, lesson, path)) }
}

function makeProgramPage(site: Site, lesson: Lesson, path: string): string {
  const standing = lesson.changes.filter(change => change.status !== 'removed')
  const gone = lesson.changes.filter(change => change.status === 'removed')
  return renderDocument(site, {
    path,
    title: `The program of lesson ${lesson.number}`,
    description: `The whole program at the end of lesson ${lesson.number}, ${lesson.title}, line by line.`,
    kind: 'program',
    search: 'Program',
    course: renderCourse(site, path, lesson),
    contents: renderContents([{ level: 2, text: 'Run it', anchor: 'run' }, ...standing.map(({ name }) => ({ level: 2, text: name, anchor: fileAnchor(name) }))]),
    main: html`<header class="opening">
<p class="where"><span><a href="${link(path, lessonPage(lesson))}">Lesson ${lesson.number}, ${lesson.title}</a></span></p>
<h1>The program of lesson ${lesson.number}</h1>
<p class="summary">${summaryOf(lesson)}</p>
</header>
<section class="text">
<div class="heading h2"><h2 id="run">Run it</h2></div>
<p>In the workbook’s folder: <code>npm run lesson:${lesson.number}</code>. Elsewhere: <a href="${link(path, download(lesson))}" download>download all files</a>, then <code>node server.ts</code> with Node 22.18 or newer.</p>
</section>
${standing.map(change => renderFile(site, lesson, change, path))}${gone.length > 0 && html`<p class="gone">Gone since the lesson before: ${gone.map(({ name }) => html`<del>${name}</del> `)}</p>\n`}${
  renderTurn(lesson, path)}`,
  }).text
}

function summaryOf({ previous, from, changes }: Lesson): string {
  if (!previous) return 'The first program of the course.'
  const all = changes.flatMap(change => change.lines)
  const count = (kind: ChangedLine['kind']) => all.filter(line => line.kind === kind).length
  const lines = (number: number) => `${number} ${number === 1 ? 'line' : 'lines'}`
  const removed = count('removed')
  return `Since lesson ${from ?? previous.number}: ${lines(count('new'))} new${removed > 0 ? `, ${lines(removed)} gone` : ''}.`
}

const STATUS = { added: 'new in this lesson', changed: 'changed in this lesson', same: 'as in the lesson before', removed: '' } as const
const GIVEN = { ...STATUS, added: 'given in this lesson', changed: 'given again in this lesson' }

function renderFile(site: Site, lesson: Lesson, { name, status, lines }: FileChange, path: string): Html {
  const source = lesson.snapshot.files.find(file => file.name === name)
  if (!source) throw new Error(`${name} is not in ${lesson.snapshot.folder}`)
  const coloured = site.highlighter.lines({ code: source.text, language: languageOfFile(name) })
  // In a file that is new altogether, a sign on every line would say nothing.
  const marks = status === 'changed'
  const code = fileLines(lines, coloured, marks, line => fileAnchor(name, line))
  return html`<section class="file">
<div class="heading h2"><h2 id="${fileAnchor(name)}">${name}</h2><p class="status">${lesson.previous || lesson.gives.includes(name) ? `${lesson.gives.includes(name) ? GIVEN[status] : STATUS[status]} · ` : ''}<a href="${link(path, download(lesson, name))}" download>download</a></p></div>
${codeBlock(code, undefined, { name, whole: true, ...(marks && { differ: 'change' }) })}</section>
`
}

function renderTurn({ previous, next }: Lesson, path: string): Html {
  const turn = (lesson: Lesson, rel: 'prev' | 'next', word: string) => html`<a rel="${rel}" href="${link(path, codePage(lesson))}"><span class="word">${
    word}</span> <span class="name">The program of lesson ${lesson.number}</span></a>`
  return html`<nav class="pager" aria-label="Previous and next program">${previous && turn(previous, 'prev', 'Before')}${next && turn(next, 'next', 'After')}</nav>
`
}
