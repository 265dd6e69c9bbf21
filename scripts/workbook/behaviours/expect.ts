import { Failure } from './failure.ts'
import type { Program } from './program.ts'

/** @throws Failure at the first byte that differs. */
export function expectBytes(received: Buffer, expected: Buffer, byHand?: string): void {
  if (received.equals(expected)) return
  let at = 0
  while (at < received.length && received[at] === expected[at]) at++
  const what = at === received.length
    ? `only ${received.length} of ${expected.length} bytes came back`
    : at === expected.length
      ? `${received.length} bytes came back and only ${expected.length} were sent`
      : `byte ${at} is ${hex(received[at])} and should be ${hex(expected[at])}`
  throw new Failure(what, { received, expected, ...(byHand !== undefined && { byHand }) })
}

/** @throws Failure unless the program has written one line to standard error, without a stack trace. */
export function expectOneLine(program: Program, words: RegExp, what: string): void {
  const lines = program.errors.split('\n').filter(line => line !== '')
  if (lines.length === 1 && words.test(lines[0] ?? '')) return
  const found = lines.length === 0 ? 'none' : lines.length === 1 ? `"${lines[0]}"` : `${lines.length} lines, a stack trace perhaps`
  throw new Failure(`your program should write one line ${what} to standard error; there is ${found}`, { program })
}

function hex(byte: number | undefined): string {
  return (byte ?? 0).toString(16).padStart(2, '0')
}
