import { type MarkdownIt, type Token } from 'markdown-it'
import { plainText } from '../../scripts/workbook/book/markdown.ts'
import { escape } from '../html.ts'
import { envOf, type RenderEnv } from '../site.ts'

/**
 * Headings with a link to themselves. The link stands beside the heading, not in it: a screen reader
 * that lists the headings, and the search, read the heading's own words.
 */
export function headings(md: MarkdownIt): void {
  md.renderer.rules.heading_open = (tokens, index, _options, env) => {
    const { level, id } = headingOf(tokens[index], envOf(env))
    return `<div class="heading h${level}"><h${level} id="${id}">`
  }
  md.renderer.rules.heading_close = (tokens, index, _options, env) => {
    const { level, id } = headingOf(tokens[index - 2], envOf(env))
    const label = escape(`Link to: ${plainText(tokens[index - 1])}`)
    return `</h${level}><a class="permalink" href="#${id}" aria-label="${label}"><span aria-hidden="true">#</span></a></div>\n`
  }
}

function headingOf(token: Token | undefined, env: RenderEnv): { level: number, id: string } {
  if (token?.type !== 'heading_open') throw new Error('a heading does not begin where it should')
  return { level: Number(token.tag.slice(1)) + env.lower, id: escape(env.prefix + String(token.attrGet('id'))) }
}
