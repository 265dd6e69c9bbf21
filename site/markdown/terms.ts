import { type MarkdownIt } from 'markdown-it'
import { escape } from '../html.ts'
import { envOf } from '../site.ts'

/** Bold defines a term: the glossary links to where it stands. */
export function terms(md: MarkdownIt): void {
  md.renderer.rules.strong_open = (tokens, index, _options, env) => {
    const id = tokens[index]?.attrGet('id')
    return id ? `<dfn id="${escape(envOf(env).prefix + String(id))}">` : '<dfn>'
  }
  md.renderer.rules.strong_close = () => '</dfn>'
}
