import type { MarkdownIt } from 'markdown-it'
import { escape } from '../../html.ts'

/**
 * A command, or a piece of one, as HTML. A line may end between its words but not behind a hyphen of an
 * option, where browsers like to end it: `- s` is no option. A chain of calls has no words, so it may
 * end where the next call begins.
 */
export function command(text: string): string {
  return escape(text)
    .replace(/(^|[\s(])(--?\w\S*|--(?!\S))/g, '$1<span class="flag">$2</span>')
    .replace(/\)\.(?=\w)/g, ')<wbr>.')
}

/** Code within a sentence is often a command. */
export function commands(md: MarkdownIt): void {
  md.renderer.rules.code_inline = (tokens, index) => `<code>${command(tokens[index]?.content ?? '')}</code>`
}
