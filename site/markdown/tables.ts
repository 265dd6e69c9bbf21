import { type MarkdownIt } from 'markdown-it'

/** A wide table scrolls by itself: the page never does. */
export function tables(md: MarkdownIt): void {
  md.renderer.rules.table_open = () => '<div class="table"><table>\n'
  md.renderer.rules.table_close = () => '</table></div>\n'
}
