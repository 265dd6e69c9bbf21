import { diffArrays } from 'diff'
import { linesOf } from '../text.ts'

/** A line of a unified diff: ` ` in both files, `-` in the first alone, `+` in the second alone. */
export interface DiffLine {
  sign: ' ' | '-' | '+'
  text: string
}

/** A run of differences with the lines around it. */
export interface Hunk {
  /** `@@ -12,7 +12,9 @@`: first line and number of lines in the first file, then in the second. */
  head: string
  lines: DiffLine[]
}

const CONTEXT = 3
/** Files that have less in common than can be found out in this time are not worth a diff. */
const PATIENCE_MS = 2000

/**
 * How one program differs from another. What is form alone is passed over, blanks, quotation marks and
 * what ends a line: an editor that formats would make every line differ.
 * @returns undefined when the two have too little in common
 */
export function hunksBetween(first: string, second: string): Hunk[] | undefined {
  const lines = compare(readable(first), readable(second))
  if (lines === undefined) return undefined
  const hunks: Hunk[] = []
  let [one, two] = [1, 1]
  for (let at = 0; at < lines.length;) {
    const end = endOfHunk(lines, at)
    if (end === undefined) {
      // A line that no difference is near.
      at++
      one++
      two++
      continue
    }
    const part = lines.slice(at, end)
    const [ones, twos] = [count(part, '+'), count(part, '-')]
    hunks.push({ head: `@@ -${range(one, ones)} +${range(two, twos)} @@`, lines: part })
    one += ones
    two += twos
    at = end
  }
  return hunks
}

function compare(first: string[], second: string[]): DiffLine[] | undefined {
  const changes = diffArrays(first, second, { comparator: (a, b) => sense(a) === sense(b), timeout: PATIENCE_MS })
  let at = 0
  return changes?.flatMap(({ value, added, removed }) => value.map((text): DiffLine => {
    if (added) return { sign: '+', text }
    const own = first[at++] ?? text
    return { sign: removed ? '-' : ' ', text: own }
  }))
}

/** Where the hunk ends that this line begins; undefined when it begins none. */
function endOfHunk(lines: readonly DiffLine[], start: number): number | undefined {
  const differs = (line: DiffLine) => line.sign !== ' '
  if (!lines.slice(start, start + CONTEXT + 1).some(differs)) return undefined
  let end = start + lines.slice(start).findIndex(differs)
  for (let at = end; at < lines.length && at <= end + 2 * CONTEXT; at++) {
    if (differs(lines[at] ?? { sign: ' ', text: '' })) end = at
  }
  return Math.min(lines.length, end + CONTEXT + 1)
}

function count(lines: readonly DiffLine[], without: '-' | '+'): number {
  return lines.filter(line => line.sign !== without).length
}

// As diff(1) says it: a file of which there is no line counts from the line before.
function range(first: number, length: number): string {
  return length === 1 ? `${first}` : `${length === 0 ? first - 1 : first},${length}`
}

/** What a line says, without its form. */
function sense(line: string): string {
  return line.trim().replace(/\s+/g, ' ').replace(/[,;]$/, '').replaceAll('"', '\'')
}

// A file may hold what would move the cursor.
function readable(text: string): string[] {
  return linesOf(text.replace(/^\uFEFF/, '').replace(/\r\n/g, '\n'))
    .map(line => line.replace(/\t/g, '  ').trimEnd().replace(/[\x00-\x1f\x7f-\x9f]/g, escaped))
}

function escaped(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
}
