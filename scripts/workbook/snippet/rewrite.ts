import { diffArrays } from 'diff'
import { GAP, splitRuns } from './snippet.ts'
import { indentOf, linesOf } from '../text.ts'

/** A run must share this much with the program to be taken for the same lines, changed. */
const ALIKE = 0.5
/** By how many lines a run may have grown or shrunk. */
const STRETCH = 12

/**
 * A stale fence with the program's lines as they are now: each run becomes the stretch of the program
 * that is most like it; gaps and the shift to the left stay.
 * @returns undefined when a run is like nothing in the program
 */
export function rewriteFence(content: string, program: readonly string[]): string | undefined {
  const result = linesOf(content)
  let cursor = 0
  let grown = 0
  for (const run of splitRuns(content)) {
    const found = mostAlike(run.lines, program, cursor)
    if (!found) return undefined
    const fresh = dedented(program.slice(found.start, found.end), run.lines)
    result.splice(run.offset + grown, run.lines.length, ...fresh)
    grown += fresh.length - run.lines.length
    cursor = found.end
  }
  return result.map(line => line.trim() === GAP ? GAP : line).join('\n') + '\n'
}

function mostAlike(run: readonly string[], program: readonly string[], from: number) {
  let best: { start: number, end: number, score: number } | undefined
  for (let start = from; start < program.length; start++) {
    const shortest = Math.max(1, run.length - STRETCH)
    const longest = Math.min(program.length - start, run.length + STRETCH)
    for (let length = shortest; length <= longest; length++) {
      const score = likeness(run, program.slice(start, start + length))
      if (score > (best?.score ?? ALIKE)) best = { start, end: start + length, score }
    }
  }
  return best
}

/** 1 for the same lines, 0 for none in common; the first and last line count twice. */
function likeness(a: readonly string[], b: readonly string[]): number {
  const trim = (lines: readonly string[]) => lines.map(line => line.trim())
  const [left, right] = [trim(a), trim(b)]
  const common = diffArrays(left, right)
    .reduce((sum, part) => part.added || part.removed ? sum : sum + part.value.length, 0)
  const ends = Number(left[0] === right[0]) + Number(left.at(-1) === right.at(-1))
  return (2 * (common + ends)) / (left.length + right.length + 4)
}

function dedented(lines: readonly string[], like: readonly string[]): string[] {
  const indent = (text: readonly string[]) => Math.min(...text.filter(line => line.trim() !== '').map(indentOf))
  const by = Math.max(0, indent(lines) - indent(like))
  return lines.map(line => line.slice(Math.min(by, indentOf(line))))
}
