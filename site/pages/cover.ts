import type { Part } from '../../scripts/workbook/book/read.ts'
import { lessonPage, link, PAGES, partPage } from '../address.ts'
import { codeBlock } from '../highlight/code.ts'
import { html, type Html } from '../html.ts'
import { renderDocument } from '../layout/document.ts'
import { renderLessons } from '../layout/lessons.ts'
import { roman } from '../layout/roman.ts'
import { renderExperiment } from '../markdown/fences/experiment.ts'
import type { Page, Site } from '../site.ts'
import { renderChart } from './chart.ts'

/** The cover: what this is, how to begin, what it looks like, and the map of the course. */
export function renderCoverPage(site: Site): Page {
  const { lessons, parts } = site.workbook
  const first = lessons[0]
  return renderDocument(site, {
    path: PAGES.cover,
    description: 'A networking workbook in TypeScript: build an echo server, TLS, HTTP and HTTP/2 on real sockets, and see what the kernel does each time.',
    kind: 'cover',
    main: html`<header class="front">
${renderChart()}<div class="words">
<h1>Port <span class="number">12345</span></h1>
<p class="promise">A networking workbook: you write the server, poke it from another terminal, and see what the kernel did.</p>
<div class="start">
${codeBlock([{ kind: 'typed', prompt: '$ ', code: 'npm ci' }, { kind: 'typed', prompt: '$ ', code: 'npm start' }], undefined, { name: 'Commands' })}
${first && html`<p><a class="begin" href="${link(PAGES.cover, lessonPage(first))}">Begin with lesson ${first.number}: ${first.title}</a></p>`}
</div>
</div>
</header>
${renderShown(site)}<section class="map" aria-labelledby="course-map">
<h2 id="course-map">The course</h2>
<ol class="parts">
${parts.map(renderPart)}</ol>
<div class="transfer needs-js">
<p>Your progress is one small file, here and for <code>npm run progress</code>. What is done in either stays done.</p>
<p><button type="button" data-export>Save it as a file</button> <button type="button" data-import>Add progress from a file</button> <span class="note"></span></p>
</div>
</section>
`,
  })
}

function renderShown(site: Site): Html | undefined {
  const lesson = site.workbook.lessons.find(({ cover }) => cover !== undefined)
  const experiment = lesson?.experiments.find(({ slug }) => slug === lesson.cover)
  if (!lesson || !experiment) return undefined
  return html`<section class="shown" aria-label="An experiment from lesson ${lesson.number}">
${renderExperiment(experiment, { prefix: '' })}<p>From <a href="${link(PAGES.cover, lessonPage(lesson), experiment.slug)}">lesson ${lesson.number}, ${
  lesson.title}</a>. The tests play it through with the real programs.</p>
</section>
`
}

function renderPart({ number, name, promise, first, last, lessons, page }: Part): Html {
  return html`<li class="part${lessons.length === 0 && ' to-come'}"><h3><span class="roman">${roman(number)}</span> ${page ? html`<a href="${link(PAGES.cover, partPage(page))}">${name}</a>` : name}</h3>
<p class="promise">${promise}</p>
${lessons.length > 0
  ? renderLessons(lessons, PAGES.cover)
  : html`<p class="soundings">Lessons ${first} to ${last}, to come</p>`}
</li>
`
}
