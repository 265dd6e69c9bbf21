import type { MarkdownIt } from 'markdown-it'
import { escape } from '../html.ts'

/**
 * A command, or a piece of one, as HTML. A line may end between its words but not behind the hyphen that
 * begins one, where browsers like to end it: `- s` is no option.
 */
export function command(text: string): string {
  return escape(text).replace(/(^|[\s(])(--?\w)/g, '$1<span class="flag">$2</span>')
}

/** Code within a sentence is often a command. */
export function commands(md: MarkdownIt): void {
  md.renderer.rules.code_inline = (tokens, index) => `<code>${command(tokens[index]?.content ?? '')}</code>`
}
