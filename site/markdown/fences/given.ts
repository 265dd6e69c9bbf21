import { type MarkdownIt, type Token } from 'markdown-it'
import { nameOf } from '../../../scripts/workbook/book/given.ts'
import { codePage, fileAnchor, link } from '../../address.ts'
import { codeBlock, fileLines } from '../../highlight/code.ts'
import { html, type Html } from '../../html.ts'
import { languageOfFile } from '../../highlight/languages.ts'
import { envOf, lessonOf, type RenderEnv } from '../../site.ts'

/** `::: given options.ts`: what the file does in the author's words, and the whole of it, folded. */
export function given(md: MarkdownIt): void {
  md.renderer.rules.container_given_open = (tokens, index) =>
    html`<div class="box given"><p class="label"><span class="kind">Given</span> <span class="title"><code>${nameOf(tokens[index])}</code></span></p>
`.text
  md.renderer.rules.container_given_close = (tokens, index, _options, env) => html`${renderGiven(fileOf(tokens, index), { isFirst: opened(tokens, index).length === 1 }, envOf(env))}</div>
`.text
}

function fileOf(tokens: readonly Token[], close: number): string {
  return nameOf(opened(tokens, close).at(-1))
}

function opened(tokens: readonly Token[], before: number): Token[] {
  return tokens.slice(0, before).filter(({ type }) => type === 'container_given_open')
}

function renderGiven(name: string, { isFirst }: { isFirst: boolean }, env: RenderEnv): Html {
  const { site, page } = env
  const lesson = lessonOf(env)
  const source = lesson.snapshot.files.find(file => file.name === name)
  const change = lesson.changes.find(file => file.name === name)
  if (!source || !change) throw new Error(`${name} is not in ${lesson.snapshot.folder}`)
  const marks = change.status === 'changed'
  const coloured = site.highlighter.lines({ code: source.text, language: languageOfFile(name) })
  // The search finds its lines on the page of the program, where each has an address.
  return html`${isFirst && FROM_WHERE}${marks && html`<p>It takes the place of the one you have.</p>
`}<details class="answer" data-pagefind-ignore><summary>${name}, ${source.lines.length} ${source.lines.length === 1 ? 'line' : 'lines'}</summary><div class="inside">
${codeBlock(fileLines(change.lines, coloured, marks), {
  text: name, link: { href: link(page, codePage(lesson), fileAnchor(name)), text: 'in the program' },
}, { name, whole: true, ...(marks && { differ: 'change' }) })}</div></details>
`
}

/** Once on a page is enough. */
const FROM_WHERE = html`<p>Given files come into your folder with <code>npm run next</code> or <code>npm run begin</code>. If you'd rather type them, they're all here.</p>
`
