import type { Text, Workbook } from '../../scripts/workbook/book/read.ts'
import { link, textPage } from '../address.ts'
import { html, type Html } from '../html.ts'
import { titleOf } from './title.ts'

/** The way through the book from one of its texts: back to the one before it, and on to the one after. */
export function renderPager({ texts }: Workbook, text: Text): Html {
  const path = textPage(text)
  const at = texts.indexOf(text)
  const turn = (other: Text | undefined, rel: 'prev' | 'next', word: string) => other && html`<a rel="${rel}" href="${
    link(path, textPage(other))}"><span class="word">${word}</span> <span class="name">${titleOf(other)}</span></a>`
  return html`<nav class="pager" aria-label="Previous and next page">${
    turn(texts[at - 1], 'prev', 'Previous')}${turn(texts[at + 1], 'next', 'Next')}</nav>
`
}
