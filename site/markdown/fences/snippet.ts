import type { Snippet, SnippetLine } from '../../../scripts/workbook/snippet/snippet.ts'
import { codePage, fileAnchor, link } from '../../address.ts'
import { codeBlock, type CodeLine } from '../../highlight/code.ts'
import { escape, type Html } from '../../html.ts'
import { languageOfFile } from '../../highlight/languages.ts'
import { lessonOf, type RenderEnv } from '../../site.ts'

/**
 * A part of the program: where it goes, which lines are new, gone or already there. The colours are
 * those of the whole file, so a snippet that begins inside a string or a comment is coloured right.
 */
export function renderSnippet(snippet: Snippet, env: RenderEnv): Html {
  const lesson = lessonOf(env)
  const source = lesson.snapshot.files.find(file => file.name === snippet.file)
  if (!source) throw new Error(`${snippet.file} is not in ${lesson.snapshot.folder}`)
  const coloured = env.site.highlighter.lines({ code: source.text, language: languageOfFile(source.name) })
  const first = snippet.lines.find(line => line.line !== undefined)
  const caption = {
    text: snippet.place,
    ...(first?.line !== undefined && {
      link: { href: link(env.page, codePage(lesson), fileAnchor(snippet.file, first.line)), text: `line ${first.line}` },
    }),
  }
  const differ = snippet.lines.some(line => line.kind === 'context' || line.kind === 'removed')
  return codeBlock(snippet.lines.map(line => toCodeLine(line, coloured)), caption, {
    name: snippet.place,
    ...(differ && { differ: 'change' }),
  })
}

function toCodeLine({ kind, text, line }: SnippetLine, coloured: readonly string[]): CodeLine {
  if (line === undefined) return { kind, code: escape(text) }
  // The snippet may be shifted to the left as a block: its own blanks, the file's colours.
  const indent = text.slice(0, text.length - text.trimStart().length)
  const code = text.trim() === '' ? '' : indent + trimHtml(coloured[line - 1] ?? '')
  return { kind, code, number: line }
}

// Blanks at the start of a line stand outside of the first span, or inside it in a long string or comment.
function trimHtml(code: string): string {
  return code.replace(/^(\s*)((?:<span[^>]*>)?)\s*/, '$2')
}
