import { type MarkdownIt, type Token } from 'markdown-it'
import { escape } from '../html.ts'
import { envOf, type RenderEnv } from '../site.ts'

/** A picture alone in its paragraph is a figure: its SVG is put into the page, where the page's colours reach it. */
export function figures(md: MarkdownIt): void {
  // How often each figure stood on a page so far: its ids must differ each time.
  const shown = new WeakMap<RenderEnv, Map<string, number>>()
  md.renderer.rules.image = (tokens, index, _options, given) => {
    const env = envOf(given)
    const image = tokens[index]
    const name = String(image?.attrGet('src')).replace(/^(\.\.\/)?figures\//, '')
    const alternative = image?.content ?? ''
    const title = image?.attrGet('title')
    const counts = shown.get(env) ?? new Map<string, number>()
    const count = counts.get(name) ?? 0
    shown.set(env, counts.set(name, count + 1))
    const prefix = count === 0 ? env.prefix : `${env.prefix}${count + 1}-`
    const svg = env.site.figures.inline(name, { alternative, prefix, text: env.text })
    return `<figure class="figure">${svg}${title ? `<figcaption>${escape(String(title))}</figcaption>` : ''}</figure>`
  }

  const alone = (tokens: Token[], at: number) => {
    const children = tokens[at]?.children ?? []
    return children.length === 1 && children[0]?.type === 'image'
  }
  md.renderer.rules.paragraph_open = (tokens, index, options, _env, self) =>
    alone(tokens, index + 1) ? '' : self.renderToken(tokens, index, options)
  md.renderer.rules.paragraph_close = (tokens, index, options, _env, self) =>
    alone(tokens, index - 1) ? '\n' : self.renderToken(tokens, index, options)
}
