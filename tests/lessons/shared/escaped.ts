import { Failure } from '#workbook/check/explain/failure.ts'
import type { Program } from '#workbook/check/program/program.ts'

/**
 * Waits until a program has printed what came to it, and looks whether it is escaped. How an escape is
 * written is its own affair: \x1B or \x1b, \u001b or \u{1b}, \r or \x0d.
 * @param sent what came, each character a byte
 * @param word a part of it that needs no escape
 * @param wanted one way to print it
 */
export async function printsEscaped(program: Program, sent: string, word: string, wanted: string): Promise<void> {
  const line = await program.line(line => line.includes(word), wanted)
  const [raw] = STEERS_RE.exec(line) ?? []
  if (raw !== undefined) {
    // What is no UTF-8 is shown by this sign; of the bytes sent only those from 80 on are none.
    const byte = raw === '\ufffd' ? sent.split('').find(letter => letter >= '\x80') ?? raw : raw
    const hex = byte.charCodeAt(0).toString(16).padStart(2, '0')
    throw new Failure('output', `the byte ${hex} reached your terminal as it was`, { program })
  }
  if (line.startsWith('Received: ') && unescaped(line).includes(sent)) return
  throw new Failure('no-line', `your program should print the line "${wanted}"`, { program, wanted })
}

// Controls of ASCII and those from 80 on, and what is no UTF-8.
const STEERS_RE = /[\x00-\x1f\x7f-\x9f\ufffd]/
const ESCAPE_RE = /\\(?:x([\da-f]{2})|u00([\da-f]{2})|u\{([\da-f]{2})\}|([bfnrtv]))/gi
const LETTERS: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }

function unescaped(line: string): string {
  return line.replace(ESCAPE_RE, (_, x?: string, u?: string, braced?: string, letter?: string) =>
    letter === undefined ? String.fromCharCode(parseInt(x ?? u ?? braced ?? '', 16)) : LETTERS[letter.toLowerCase()] ?? '')
}
