import { type MarkdownIt, type Token } from 'markdown-it'
import { createParser } from '../../scripts/workbook/book/markdown.ts'
import type { RenderEnv } from '../site.ts'
import { boxes, prepareBoxes } from './boxes.ts'
import { commands } from './fences/commands.ts'
import { fences } from './fences/fences.ts'
import { figures } from './figures.ts'
import { given } from './fences/given.ts'
import { headings } from './headings.ts'
import { links } from './links.ts'
import { tables } from './tables.ts'
import { terms } from './terms.ts'

/** Tokens that Markdown itself defines and that need no rule of ours. */
const KNOWN = new Set([
  'inline', 'text', 'text_special', 'softbreak', 'hardbreak', 'hr', 'paragraph_open', 'paragraph_close',
  'bullet_list_open', 'bullet_list_close', 'ordered_list_open', 'ordered_list_close', 'list_item_open', 'list_item_close',
  'blockquote_open', 'blockquote_close', 'em_open', 'em_close', 'link_close', 'thead_open', 'thead_close', 'tbody_open', 'tbody_close',
  'tr_open', 'tr_close', 'th_open', 'th_close', 'td_open', 'td_close',
])

/** Renders the text of lessons and of parts. */
export interface Renderer {
  /** Block tokens, all those of a text. */
  blocks: (tokens: Token[], env: RenderEnv) => string
  /** A piece of Markdown without paragraphs, such as the sentence that defines a term. */
  inline: (markdown: string, env: RenderEnv) => string
}

/** A renderer with one rule for each thing that a lesson may hold; a token without a rule stops the build. */
export function createRenderer(): Renderer {
  const md = createParser()
  // markdown-it could write these; a lesson has none of them.
  for (const name of ['html_block', 'html_inline', 'code_block'] as const) delete md.renderer.rules[name]
  for (const rule of [headings, terms, links, tables, figures, boxes, given, fences, commands]) rule(md)
  return {
    blocks(tokens, env) {
      refuseUnknown(md, tokens)
      return md.renderer.render(prepareBoxes(tokens, env.text), md.options, env)
    },
    inline(markdown, env) {
      const tokens = md.parseInline(markdown, {})
      refuseUnknown(md, tokens)
      return md.renderer.render(tokens, md.options, env)
    },
  }
}

/** markdown-it writes a tag for any token it is given; here only what was meant gets through. */
function refuseUnknown(md: MarkdownIt, tokens: readonly Token[]): void {
  for (const token of tokens) {
    if (!KNOWN.has(token.type) && !(token.type in md.renderer.rules)) {
      throw new Error(`the site has no rule for "${token.type}": add it to site/markdown/`)
    }
    if (token.children) refuseUnknown(md, token.children)
  }
}
