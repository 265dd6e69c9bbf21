import type { Lesson } from '../../scripts/workbook/book/read.ts'
import { html, type Html } from '../html.ts'
import type { ContentsEntry } from '../layout/contents.ts'
import type { Tried } from '../site.ts'

const CHECKER: ContentsEntry = { level: 2, text: 'What the checker tries', anchor: 'what-the-checker-tries' }

/** The entry of this section in the list of a page's headings. */
export function checkerEntry({ number }: Lesson, tried: ReadonlyMap<number, Tried>): ContentsEntry[] {
  return tried.has(number) ? [CHECKER] : []
}

/** What `npm run check` tries in a lesson, in the checker's words. */
export function renderChecker(
  lesson: Lesson, tried: ReadonlyMap<number, Tried>, { prefix = '', level = 2 } = {},
): Html | undefined {
  const here = tried.get(lesson.number)
  if (!here) return undefined
  const { own, earlier } = here
  const id = `${prefix}${CHECKER.anchor}`
  const heading = level === 2 ? html`<h2 id="${id}">${CHECKER.text}</h2>` : html`<h3 id="${id}">${CHECKER.text}</h3>`
  return html`<section class="text checker" data-pagefind-ignore>
<div class="heading h${level}">${heading}<a class="permalink" href="#${id}" aria-label="Link to: ${CHECKER.text}"><span aria-hidden="true">#</span></a></div>
${own.length > 0
  ? html`<p><code>npm run check ${lesson.number}</code> tries your own program on a real socket. This is new in this lesson:</p>
<ul>
${own.map(title => html`<li>${title}</li>
`)}</ul>
${earlier > 0 && html`<p>… and the ${earlier} of earlier lessons that still ${earlier === 1 ? 'holds' : 'hold'}.</p>
`}`
  : html`<p><code>npm run check ${lesson.number}</code> tries your own program on a real socket: the ${earlier} of earlier lessons that still ${
    earlier === 1 ? 'holds' : 'hold'}. Nothing new begins in this one.</p>
`}</section>
`
}
