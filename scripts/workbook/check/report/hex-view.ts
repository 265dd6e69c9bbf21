import type { Bytes } from './verdict.ts'

const ROW = 16

/**
 * Bytes as hex over characters, a row of sixteen a line, with `^^` under one of them.
 * @param at the position of the byte to mark; one behind the last marks where more should have come
 * @returns lines of at most 76 columns, the rows around the mark only
 */
export function hexView({ from, hex, length }: Bytes, at?: number): string[] {
  const bytes = Buffer.from(hex, 'hex')
  const marked = at === undefined ? undefined : Math.floor((at - from) / ROW)
  const rows = Math.max(1, Math.ceil((bytes.length + (at === from + bytes.length ? 1 : 0)) / ROW))
  // All of a short message; of a long one the row before the mark, its own and the next.
  const short = length <= SHORT
  const first = short || marked === undefined ? 0 : Math.max(0, marked - 1)
  const last = short ? rows : Math.min(rows, first + 3)
  const digits = Math.max(4, (from + bytes.length).toString(16).length)
  const lines: string[] = []
  for (let row = first; row < last; row++) {
    const data = bytes.subarray(row * ROW, (row + 1) * ROW)
    lines.push(dumpRow(data, from + row * ROW, digits))
    if (row === marked && at !== undefined) lines.push(markRow((at - from) % ROW, digits))
  }
  return lines
}

const SHORT = 64

function dumpRow(data: Buffer, position: number, digits: number): string {
  const pairs = [...data].map(byte => byte.toString(16).padStart(2, '0'))
  const text = [...data].map(byte => byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.').join('')
  return `${position.toString(16).padStart(digits, '0')}  ${halves(pairs).padEnd(ROW * 3)}  ${text}`.trimEnd()
}

function markRow(column: number, digits: number): string {
  const pairs = Array.from({ length: ROW }, (_, index) => index === column ? '^^' : '  ')
  return `${' '.repeat(digits)}  ${halves(pairs).padEnd(ROW * 3)}  ${' '.repeat(column)}^`
}

function halves(pairs: readonly string[]): string {
  return [pairs.slice(0, 8).join(' '), pairs.slice(8).join(' ')].filter(half => half !== '').join('  ')
}
