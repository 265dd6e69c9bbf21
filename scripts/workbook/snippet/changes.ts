import { diffArrays } from 'diff'
import type { Snapshot } from './snapshot.ts'
import { indentOf } from '../text.ts'

/** A line of a file, seen against the same file one lesson before. */
export interface ChangedLine {
  kind: 'new' | 'same' | 'removed'
  text: string
  /** Its number in the new file, from 1; a removed line has none. */
  line?: number
}

/** What became of one file between two snapshots. */
export interface FileChange {
  name: string
  status: 'added' | 'changed' | 'same' | 'removed'
  lines: ChangedLine[]
}

/** What changed between a snapshot and the one before it, file by file, the new program's files first. */
export function changesBetween(before: Snapshot | undefined, after: Snapshot): FileChange[] {
  const old = new Map(before?.files.map(file => [file.name, file.lines]))
  const changes = after.files.map(({ name, lines }): FileChange => {
    const previous = old.get(name)
    const changed = diffLines(previous ?? [], lines)
    const status = previous === undefined ? 'added' : changed.every(line => line.kind === 'same') ? 'same' : 'changed'
    return { name, status, lines: changed }
  })
  const names = new Set(after.files.map(file => file.name))
  const removed = [...old].filter(([name]) => !names.has(name)).map(([name, lines]): FileChange => ({
    name,
    status: 'removed',
    lines: lines.map(text => ({ kind: 'removed', text })),
  }))
  return [...changes, ...removed]
}

/** The lines of `after`, with the lines of `before` that are gone in their place. */
export function diffLines(before: readonly string[], after: readonly string[]): ChangedLine[] {
  const result: ChangedLine[] = []
  let line = 1
  for (const { value, added, removed } of diffArrays([...before], [...after])) {
    for (const text of value) {
      if (removed) result.push({ kind: 'removed', text })
      else result.push({ kind: added ? 'new' : 'same', text, line: line++ })
    }
  }
  return slide(result)
}

/**
 * A block of new lines that ends as the line before it does can be said to begin one line earlier
 * (think of `}` and an empty line). Of all such readings the one whose first line stands furthest
 * left, after an empty line if there is one, is what a person would say was added.
 */
function slide(lines: ChangedLine[]): ChangedLine[] {
  for (let start = 0; start < lines.length; start++) {
    if (lines[start]?.kind !== 'new' || lines[start - 1]?.kind === 'new') continue
    let end = start
    while (lines[end]?.kind === 'new') end++
    if (lines[start - 1]?.kind === 'removed' || lines[end]?.kind === 'removed') {
      start = end
      continue
    }
    const best = bestShift(lines, start, end)
    for (let at = start; at < end; at++) lines[at] = { ...lines[at]!, kind: 'same' }
    for (let at = start + best; at < end + best; at++) lines[at] = { ...lines[at]!, kind: 'new' }
    start = end + Math.max(best, 0)
  }
  return lines
}

function bestShift(lines: readonly ChangedLine[], start: number, end: number): number {
  const same = (a: number, b: number) => lines[a]?.text !== undefined && lines[a]?.text === lines[b]?.text
  const shifts = [0]
  for (let by = 1; lines[start - by]?.kind === 'same' && same(start - by, end - by); by++) shifts.push(-by)
  for (let by = 1; lines[end + by - 1]?.kind === 'same' && same(start + by - 1, end + by - 1); by++) shifts.push(by)
  const cost = (by: number) => {
    const first = lines[start + by]?.text ?? ''
    const above = lines[start + by - 1]?.text ?? ''
    return (first.trim() === '' ? 100 : indentOf(first) * 2 + (/^\s*[\])}]/.test(first) ? 1 : 0)) + (above.trim() === '' ? 0 : 1)
  }
  return shifts.reduce((best, by) => cost(by) < cost(best) ? by : best, 0)
}
