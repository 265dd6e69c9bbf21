import type { ChangedLine } from '../../scripts/workbook/snippet/changes.ts'
import { escape, html, raw, type Html } from '../html.ts'

/** A line of code on a page. */
export interface CodeLine {
  kind: keyof typeof SPOKEN
  /** The line's code as HTML. */
  code: string
  /** Its number in the file. */
  number?: number
  /** Its own id and a link to it, on the page of the program. */
  id?: string
  /** Set before the code, and not copied with it. */
  prompt?: string
}

const SPOKEN = { new: 'New:', removed: 'Removed:', context: 'As before:', gap: '', typed: 'Typed:', output: 'Printed:' } as const

/** What stands above a block of code. */
export interface CodeCaption {
  /** In words: where the code belongs, or what it is. */
  text: string
  link?: { href: string, text: string }
}

export interface CodeOptions {
  /** What a screen reader calls the block. */
  name: string
  /** In what way lines differ, if they do: new and old code, or commands and what they print. */
  differ?: 'change' | 'session'
  /** A whole file, in which line numbers matter on any screen. */
  whole?: boolean
}

/**
 * A block of code. What is new, removed or printed is told by a sign and, once for each run of such
 * lines, in a word for screen readers; neither is copied.
 */
export function codeBlock(lines: readonly CodeLine[], caption: CodeCaption | undefined, options: CodeOptions): Html {
  const { differ, name, whole } = options
  return html`<figure class="code${differ !== undefined && ` ${differ}`}${whole && ' whole'}">${caption && html`<figcaption><span class="place">${caption.text}</span>${caption.link
    && html` <a href="${caption.link.href}">${caption.link.text}</a>`}</figcaption>`}<pre data-name="${name}"><code>${
    lines.map((line, index) => codeLine(line, differ !== undefined && line.kind !== lines[index - 1]?.kind))
  }</code></pre></figure>
`
}

function codeLine({ kind, code, number, id, prompt }: CodeLine, speak: boolean): Html {
  const word = speak && SPOKEN[kind] !== '' && html`<span class="said">${SPOKEN[kind]} </span>`
  const sign = prompt !== undefined && html`<span class="prompt">${prompt}</span>`
  const label = id !== undefined && html`<a class="no" href="#${id}">${number}</a>`
  const kindClass = kind === 'context' ? '' : ` ${kind}`
  const place = id !== undefined ? html` id="${id}"` : number !== undefined && html` data-n="${number}"`
  return html`<span class="l${kindClass}"${place}>${label}${word}${sign}${raw(code)}
</span>`
}

/**
 * The lines of a whole file, as they stand against the lesson before.
 * @param marks whether new lines are told from old ones: in a file that is new altogether a sign on each says nothing
 * @param idOf the address of a line, where it has one
 */
export function fileLines(
  lines: readonly ChangedLine[], coloured: readonly string[], marks: boolean, idOf?: (line: number) => string,
): CodeLine[] {
  return lines.map(({ kind, text, line }): CodeLine => line === undefined
    ? { kind: 'removed', code: escape(text) }
    : { kind: marks && kind === 'new' ? 'new' : 'context', code: coloured[line - 1] ?? '', number: line, ...(idOf && { id: idOf(line) }) })
}
