import { createHash } from 'node:crypto'
import type { Writable } from 'node:stream'
import { styleText } from 'node:util'

/** The lines of a text file, without the empty one after its last newline. */
export function linesOf(text: string): string[] {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}

const FRONT_MATTER_RE = /^---\r?\n([\s\S]*?)\r?\n---\r?\n/

/**
 * Takes the front matter of a Markdown file from the rest, unread.
 * @returns the YAML, what follows, and the line on which that starts; undefined when there is none
 */
export function splitFrontMatter(source: string): { yaml: string, body: string, bodyLine: number } | undefined {
  const [whole, yaml] = FRONT_MATTER_RE.exec(source) ?? []
  if (whole === undefined || yaml === undefined) return undefined
  return { yaml, body: source.slice(whole.length), bodyLine: whole.split('\n').length }
}

/** How many blanks a line begins with. */
export function indentOf(line: string): number {
  return line.length - line.trimStart().length
}

/** A short name for content: the same content has the same name, other content another. */
export function hashOf(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) {
    hash.update(String(part.length)).update(':').update(part)
  }
  return hash.digest('hex').slice(0, 16)
}

/** The part of a link after `#` for a heading, as GitHub makes it. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-')
}

/**
 * Whether a person looks at a stream and has not declined colour. `util.styleText` can ask that too, but takes
 * no word of NO_COLOR from a stream that is none of Node's own terminals.
 */
export function takesColour(output: Writable, env: NodeJS.ProcessEnv = process.env): boolean {
  return (output as Partial<NodeJS.WriteStream>).isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb'
}

/** Adds a colour where that is allowed. */
export function paint({ colour }: { colour: boolean }, name: 'red' | 'green' | 'cyan', text: string): string {
  return colour ? styleText(name, text, { validateStream: false }) : text
}
