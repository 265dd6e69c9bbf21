import { holds, type Findings, type Part, type Quantity, type Row, type Unit } from './part.ts'

const WIDTH = 80
const COLUMNS = [9, 10, 9, 9] as const
/** What stays for the first column, with the verdict of four letters at the end. */
const FIRST = WIDTH - COLUMNS.reduce((sum, width) => sum + width, 0) - ' OVER'.length

/** The table of a part, at most 80 columns wide. */
export function renderTable({ name, headings }: Pick<Part, 'name' | 'headings'>, { rows, notes = [] }: Findings): string {
  return [
    line(name, [...headings, 'target'], ''),
    ...rows.map(row => line(`  ${row.what}`, cells(row), verdict(row))),
    ...notes.flatMap(note => wrap(note, WIDTH - 2).map(text => `  ${text}`)),
  ].join('\n')
}

function cells(row: Row): string[] {
  const { measured, yardstick, figure, target } = row
  const unit = target && row[target.of]?.unit
  return [...[measured, yardstick, figure].map(show), target && unit ? showValue(unit, target.most) : '']
}

function verdict(row: Row): string {
  const kept = holds(row)
  return kept === undefined ? '' : kept ? ' ok' : ' OVER'
}

function line(first: string, rest: readonly string[], last: string): string {
  return (cut(first, FIRST - 1).padEnd(FIRST) + rest.map((text, index) => text.padStart(COLUMNS[index]!)).join('') + last).trimEnd()
}

/** A quantity as a person reads it. */
export function show(quantity: Quantity | undefined): string {
  return quantity ? showValue(quantity.unit, quantity.value) : ''
}

function showValue(unit: Unit, value: number): string {
  switch (unit) {
    case 'count': return String(value)
    case 'ratio': return value.toFixed(2)
    case 'bytes': return Math.abs(value) >= 10e6 ? `${(value / 1e6).toFixed(0)} MB` : `${(value / 1000).toFixed(1)} kB`
    case 'ms': return Math.abs(value) >= 1000 ? `${(value / 1000).toFixed(2)} s` : `${value.toFixed(Math.abs(value) < 10 ? 1 : 0)} ms`
  }
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
