import { Failure } from '../explain/failure.ts'
import type { Peer } from './peer.ts'
import type { Program } from '../program/program.ts'

/** @throws Failure at the first byte that differs */
export function expectBytes(received: Buffer, expected: Buffer, peer?: Peer): void {
  if (received.equals(expected)) return
  const at = firstDifference(received, expected)
  const what = at === received.length
    ? `only ${received.length} of ${expected.length} bytes came back`
    : at === expected.length
      ? `${count(received.length, 'byte')} came back, and only ${expected.length} should have`
      : `byte ${at} came back as ${hex(received[at])} and should be ${hex(expected[at])}`
  throw new Failure('differs', what, { received, expected, ...(peer && { peer }) })
}

/** The position of the first byte in which two buffers differ; the length of the shorter when one begins the other. */
export function firstDifference(a: Buffer, b: Buffer): number {
  const length = Math.min(a.length, b.length)
  let at = 0
  while (at < length && a[at] === b[at]) at++
  return at
}

/** @throws Failure unless the program has written one line to standard error, without a stack trace */
export function expectOneLine(program: Program, words: RegExp, what: string): void {
  const lines = program.errors.split('\n').filter(line => line.trim() !== '')
  if (lines.length === 1 && words.test(lines[0] ?? '')) return
  const found = lines.length === 0 ? 'there is none' : lines.length === 1 ? 'the line there is another'
    : lines.some(line => /^ {4}at /.test(line)) ? 'it wrote a whole error, with its stack trace' : `there are ${lines.length}`
  throw new Failure('ended-otherwise', `your program should write one line ${what} to standard error, and ${found}`, { program })
}

/** @throws Failure unless the program has ended with this exit code */
export function expectExitCode(program: Program, code: number): void {
  if (program.exitCode === code) return
  throw new Failure('ended-otherwise', `the exit code is ${program.exitCode} and should be ${code}`, { program })
}

function hex(byte: number | undefined): string {
  return (byte ?? 0).toString(16).padStart(2, '0')
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`
}
