import type { Writable } from 'node:stream'
import { takesColour } from '../text.ts'

/** Where the commands of the workspace print: lines for people, read from top to bottom. */
export interface Page {
  /** How wide lines may be. */
  columns: number
  /** Whether colour may be added. No meaning is in the colour alone. */
  colour: boolean
}

const WIDEST = 80
const NARROWEST = 30

/** What fits on a stream: 80 columns at most, and colour where a person looks and has not declined it. */
export function pageOf(output: Writable, env: NodeJS.ProcessEnv = process.env): Page {
  const { columns = WIDEST } = output as Partial<NodeJS.WriteStream>
  return {
    columns: Math.min(WIDEST, Math.max(NARROWEST, columns)),
    colour: takesColour(output, env),
  }
}

/** The page of a command that runs by itself. */
export function standardPage(): Page {
  return pageOf(process.stdout)
}

const CODE_RE = /(^```[^]*?^```$|^ {4}.*(?:\n {4}.*)*)/m
const JOINT_RE = /(?<=\S)\n(?!\n|$|\s*(?:[-*]|\d+\.) )\s*/g
const HANGING_RE = /^\s*(?:(?:[-*]|\d+\.) )?/

/**
 * Sets Markdown whose lines were broken for another width: those of a paragraph, or of an item of a
 * list, are broken anew. Code stays as it is.
 */
export function fill(text: string, columns: number): string {
  return text.split(CODE_RE)
    .map((part, index) => index % 2 === 1 ? part : wrap(part.replace(JOINT_RE, ' '), columns))
    .join('')
}

/** Breaks lines between words so that none is wider; what goes on is indented as the line began. */
export function wrap(text: string, columns: number, indent = ''): string {
  return text.split('\n').map(line => breakLine(line, columns - indent.length).map(part => (indent + part).trimEnd()).join('\n'))
    .join('\n')
}

function breakLine(line: string, columns: number): string[] {
  const lines: string[] = []
  const hanging = ' '.repeat(HANGING_RE.exec(line)?.[0].length ?? 0)
  let current = /^\s*/.exec(line)?.[0] ?? ''
  for (const word of line.trim().split(/ +/)) {
    if (current.trim() !== '' && current.length + word.length > columns) {
      lines.push(current.trimEnd())
      current = hanging
    }
    current += `${word} `
  }
  return [...lines, current.trimEnd()]
}

/** Cuts a line into pieces of a width, wherever that is: code has no place to break. */
export function pieces(text: string, columns: number): string[] {
  const found: string[] = []
  for (let at = 0; at < text.length || at === 0; at += columns) found.push(text.slice(at, at + columns))
  return found
}
