import type { ChangedLine, FileChange } from './changes.ts'
import { didYouMean, Problem } from '../problem.ts'
import { nameIn, placeOf } from './place.ts'
import type { SourceFile } from './snapshot.ts'
import { indentOf, linesOf } from '../text.ts'

/** The line of a fence that stands for code left out. */
export const GAP = '…'

/** A line of a snippet as the page shows it. */
export interface SnippetLine {
  kind: 'new' | 'context' | 'removed' | 'gap'
  text: string
  /** Its number in the program's file, from 1. */
  line?: number
}

/** A fence that shows part of a program, found in it. */
export interface Snippet {
  file: string
  /** Where its lines go: `server.ts, in handleClient()`. Computed, never written by hand. */
  place: string
  lines: SnippetLine[]
  /** Lines of the program's file that it shows, from 1. */
  shown: ReadonlySet<number>
}

/** Some lines of a fence without a gap, and where they begin in the program's file (from 0). */
export interface Run {
  /** The line of the fence's content it begins with, from 0. */
  offset: number
  lines: string[]
  start: number
  /** By how many blanks the fence has been shifted to the left. */
  shift: number
}

/** The runs of a fence's content: what stands between its gap lines. */
export function splitRuns(content: string): { offset: number, lines: string[] }[] {
  const runs: { offset: number, lines: string[] }[] = []
  let current: { offset: number, lines: string[] } | undefined
  linesOf(content).forEach((text, offset) => {
    if (text.trim() === GAP) {
      current = undefined
    } else {
      if (!current) runs.push(current = { offset, lines: [] })
      current.lines.push(text)
    }
  })
  return runs
}

/** The indentation by which `run` stands at `start` of `lines`, or undefined if it does not stand there. */
export function shiftAt(lines: readonly string[], run: readonly string[], start: number): number | undefined {
  const first = run.findIndex(text => text.trim() !== '')
  if (first < 0 || start + run.length > lines.length) return undefined
  const shift = indentOf(lines[start + first] ?? '') - indentOf(run[first] ?? '')
  if (shift < 0) return undefined
  return run.every((text, at) => lines[start + at] === shifted(text, shift)) ? shift : undefined
}

/** A line of a fence as it stands in the program. */
export function shifted(text: string, shift: number): string {
  return text === '' ? '' : ' '.repeat(shift) + text
}

/**
 * Finds a fence in its program.
 * @param change the file that the fence names, against the lesson before
 * @param place where the fence's first line stands
 * @throws Problem at the first line that is not in the program
 */
export function locate(
  content: string,
  source: SourceFile,
  change: FileChange,
  place: { file: string, line: number },
): Run[] {
  let cursor = 0
  const fresh = new Set(change.lines.filter(line => line.kind === 'new').map(line => line.line))
  const found = splitRuns(content).map(run => {
    const starts = source.lines.map((_, start) => start)
      .filter(start => start >= cursor && shiftAt(source.lines, run.lines, start) !== undefined)
    if (starts.length === 0) throw notFound(run, source, cursor, place)
    const news = (start: number) => run.lines.filter((_, at) => fresh.has(start + at + 1)).length
    const start = starts.reduce((best, other) => news(other) > news(best) ? other : best)
    cursor = start + run.lines.length
    return { ...run, start, shift: shiftAt(source.lines, run.lines, start) ?? 0 }
  })
  if (found.length === 0) throw new Problem('this fence shows nothing', { place })
  return found
}

/**
 * A fence that has been found, as the page shows it.
 * @param told the changes that the page has shown so far, to which those of this fence are added: a reader who
 * has made a change finds it made, and is not told to make it again
 */
export function makeSnippet(
  content: string, runs: readonly Run[], source: SourceFile, change: FileChange, told = new Set<ChangedLine>(),
): Snippet {
  const lines: SnippetLine[] = []
  const shown = new Set<number>()
  const endsWithGap = linesOf(content).at(-1)?.trim() === GAP
  runs.forEach((run, index) => {
    if (index > 0 || run.offset > 0) lines.push({ kind: 'gap', text: GAP })
    lines.push(...withRemoved(change.lines, run, told))
    for (let at = 0; at < run.lines.length; at++) shown.add(run.start + at + 1)
  })
  if (endsWithGap) lines.push({ kind: 'gap', text: GAP })
  return { file: source.name, place: describePlace(lines, source, change), lines, shown }
}

function withRemoved(all: readonly ChangedLine[], run: Run, told: Set<ChangedLine>): SnippetLine[] {
  const first = run.start + 1
  const last = run.start + run.lines.length
  const from = all.findIndex(line => line.line === first)
  const to = all.findIndex(line => line.line === last)
  let start = from
  let end = to
  while (all[start - 1]?.kind === 'removed') start--
  while (all[end + 1]?.kind === 'removed') end++
  const dedent = (text: string) => text.startsWith(' '.repeat(run.shift)) ? text.slice(run.shift) : text.trimStart()
  return all.slice(start, end + 1).flatMap((changed): SnippetLine[] => {
    const { kind, text, line } = changed
    const isTold = told.has(changed)
    told.add(changed)
    if (isTold && kind === 'removed') return []
    return [{
      kind: isTold || kind === 'same' ? 'context' : kind,
      text: dedent(text),
      ...(line !== undefined && { line }),
    }]
  })
}

function describePlace(lines: readonly SnippetLine[], source: SourceFile, change: FileChange): string {
  const runs = splitAtGaps(lines)
  const fresh = runs.filter(run => run.some(line => line.kind !== 'context'))
  const places = (fresh.length > 0 ? fresh : runs).map(run => placeOfRun(run, source))
  const where = [...new Set(places)].join(' and ')
  const removed = lines.filter(line => line.kind === 'removed').length
  if (change.status === 'added' && lines.some(line => line.line === 1)) return `${source.name}, a new file`
  if (removed === 0) return `${source.name}, ${where}`
  const what = lines.some(line => line.kind === 'new') ? 'replace' : 'remove'
  return `${source.name}, ${where}, ${what} ${removed} ${removed === 1 ? 'line' : 'lines'}`
}

function splitAtGaps(lines: readonly SnippetLine[]): SnippetLine[][] {
  const runs: SnippetLine[][] = [[]]
  for (const line of lines) {
    if (line.kind === 'gap') runs.push([])
    else runs.at(-1)?.push(line)
  }
  return runs.filter(run => run.length > 0)
}

function placeOfRun(run: readonly SnippetLine[], source: SourceFile): string {
  const fresh = run.filter(line => line.kind === 'new' && line.text.trim() !== '')
  // Where lines only go, the place is that of the line before them.
  const gone = run.findIndex(line => line.kind === 'removed')
  const near = fresh.length > 0 ? fresh : gone > 0 ? run.slice(gone - 1, gone) : run
  const numbers = near.flatMap(line => line.line ?? [])
  const first = Math.min(...numbers)
  const last = Math.max(...numbers)
  // A function whose first line is replaced was there before: it is the place, and not what stands above it.
  const name = nameIn(source.lines[first - 1] ?? '')
  const wasThere = name !== undefined && run.some(line => line.kind === 'removed' && nameIn(line.text) === name)
  const isAll = source.lines.slice(first, last).every(text => /^\s*(?:[)\]}].*)?$/.test(text) || indentOf(text) > indentOf(source.lines[first - 1] ?? ''))
  return wasThere && isAll ? `in ${name}` : placeOf(source.lines, first, last)
}

function notFound(
  run: { offset: number, lines: string[] },
  source: SourceFile,
  cursor: number,
  place: { file: string, line: number },
): Problem {
  const counts = source.lines.map((_, start) => run.lines.findIndex((text, at) =>
    source.lines[start + at]?.trim() !== text.trim()))
  if (counts.some(count => count < 0)) {
    const before = counts.findLastIndex(count => count < 0) < cursor
    return new Problem(`these lines stand in ${source.name}${before ? ' before those of the run above' : ', but indented otherwise'}`, {
      place: { file: place.file, line: place.line + 1 + run.offset },
      remedy: 'Runs come in the order of the program, and a run is shifted as a block.',
    })
  }
  const most = Math.max(0, ...counts)
  const start = counts.indexOf(most)
  const wrong = run.lines[most] ?? ''
  const there = most > 0 ? source.lines[start + most] ?? 'the end of the file' : undefined
  return new Problem(`this line is not in ${source.name} here: "${wrong.trim()}"`, {
    place: { file: place.file, line: place.line + 1 + run.offset + most },
    remedy: (there === undefined
      ? didYouMean(wrong.trim(), source.lines.map(text => text.trim()).filter(Boolean)).replace(/ ?Known are: .*$/s, '')
      : `The program has "${there.trim()}" (line ${start + most + 1}).`) + ' If the program is right, run npm run sync.',
  })
}
