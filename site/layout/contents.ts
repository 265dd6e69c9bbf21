import { html, type Html } from '../html.ts'

export interface ContentsEntry {
  level: number
  text: string
  anchor: string
}

/** The headings of a page, on its right. The script marks the one that is being read. */
export function renderContents(entries: readonly ContentsEntry[]): Html | undefined {
  if (entries.length < 2) return undefined
  return html`<nav id="contents" class="side contents" aria-label="This page" popover>
<h2 class="part">This page</h2>
<ol>
${entries.map(({ level, text, anchor }) => html`<li class="level${level}"><a href="#${anchor}">${text}</a></li>
`)}</ol>
</nav>
`
}
