import type { Random } from '../../../scripts/workbook/check/client/random.ts'

/** Words that mean something to a parser of HTTP, or nearly do. */
const WORDS = [
  '\r\n', '\n', '\r', '\r\n\r\n', ' ', '\t', ':', ',', ';', '\0', '\x7f', '\x0b', '\xa0', '0', '-1', '+5', '0x5', '05', '5 5', '5,5', '1e1', '99999999999999999',
  'Content-Length: 0\r\n', 'Content-Length: 5\r\n', 'Content-Length : 5\r\n', ' Content-Length: 5\r\n', 'Content-Length: 5, 5\r\n', 'Content-Length:\r\n', 'Content-Length: +5\r\n',
  'Transfer-Encoding: chunked\r\n', 'Transfer-Encoding: identity\r\n', 'Transfer-Encoding: chunked, gzip\r\n', 'Transfer-Encoding: gzip, chunked\r\n',
  'Transfer-Encoding : chunked\r\n', 'Transfer-Encoding: xchunked\r\n', 'Transfer-Encoding: "chunked"\r\n', 'Transfer-Encoding:\r\n chunked\r\n', 'Transfer-Encoding:\x0bchunked\r\n',
  'Host: b\r\n', 'Host:\r\n', 'Host: a b\r\n', 'Expect: 100-continue\r\n', 'Expect: x\r\n', 'Connection: close\r\n', 'Connection: upgrade\r\nUpgrade: x\r\n', ' folded\r\n', '\tfolded\r\n', ': nameless\r\n', 'nocolon\r\n',
  'GET / HTTP/1.1\r\nHost: a\r\n\r\n', 'HTTP/1.0', 'HTTP/2.0', 'HTTP/1.9', 'HTTP/0.9', 'http/1.1', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'http://b/', '*', '#', '..', '%2e', '%zz', '%00',
  '0\r\n\r\n', '5\r\nHello\r\n', 'ffffffffffffffffff\r\n', '-5\r\n', '5;\n\r\n', '0;a\r\n', '5 \r\n', ' 5\r\n', '5\r\r\n',
]

/** A message with one to three mutations, of its bytes or of its grammar. */
export function mutated(random: Random, message: Buffer): Buffer {
  let bytes = message
  for (let times = 1 + random.next() % 3; times > 0; times--) {
    bytes = MUTATIONS[random.next() % MUTATIONS.length]!(random, bytes)
  }
  return bytes
}

type Mutation = (random: Random, bytes: Buffer) => Buffer

const MUTATIONS: readonly Mutation[] = [
  // One byte becomes another, is left out, or comes twice.
  (random, bytes) => replaced(bytes, place(random, bytes), 1, Buffer.from([random.next() % 256])),
  (random, bytes) => replaced(bytes, place(random, bytes), 1, Buffer.alloc(0)),
  (random, bytes) => { const at = place(random, bytes); return replaced(bytes, at, 0, bytes.subarray(at, at + 1)) },
  // A word where there was none, or in the place of others.
  (random, bytes) => replaced(bytes, place(random, bytes), 0, word(random)),
  (random, bytes) => replaced(bytes, place(random, bytes), random.next() % 8, word(random)),
  // At the beginning of a line, where most of it means something. Twice as often.
  (random, bytes) => replaced(bytes, lineStart(random, bytes), 0, word(random)),
  (random, bytes) => replaced(bytes, lineStart(random, bytes), 0, word(random)),
  // A line is left out, or comes twice, or moves.
  (random, bytes) => withLine(random, bytes, (lines, at) => lines.toSpliced(at, 1)),
  (random, bytes) => withLine(random, bytes, (lines, at) => lines.toSpliced(at, 0, lines[at]!)),
  (random, bytes) => withLine(random, bytes, (lines, at) =>
    lines.toSpliced(at, 1).toSpliced(random.next() % lines.length, 0, lines[at]!)),
  // The end of a line is another.
  (random, bytes) => { const at = bytes.indexOf('\r\n', place(random, bytes)); return at < 0 ? bytes : replaced(bytes, at, 2, Buffer.from(['\n', '\r', '\n\r', '\r\r\n', ''][random.next() % 5]!)) },
  // It breaks off.
  (random, bytes) => bytes.subarray(0, place(random, bytes)),
  // A number is another.
  (random, bytes) => Buffer.from(bytes.toString('latin1').replace(/(?<=: |\r\n)[\da-f]+(?=[\r;])/, () => ['0', '1', '7', '010', '0x10', '1f', '-0', '١', '1_0', '4294967297', '9007199254740993'][random.next() % 11]!), 'latin1'),
]

function place(random: Random, bytes: Buffer): number {
  return random.next() % Math.max(1, bytes.length)
}

function lineStart(random: Random, bytes: Buffer): number {
  const at = bytes.indexOf('\n', place(random, bytes))
  return at < 0 ? bytes.length : at + 1
}

function word(random: Random): Buffer {
  return Buffer.from(WORDS[random.next() % WORDS.length]!, 'latin1')
}

function replaced(bytes: Buffer, at: number, length: number, by: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, at), by, bytes.subarray(at + length)])
}

function withLine(random: Random, bytes: Buffer, change: (lines: string[], at: number) => string[]): Buffer {
  const lines = bytes.toString('latin1').split(/(?<=\r\n)/)
  return Buffer.from(change(lines, random.next() % lines.length).join(''), 'latin1')
}

/** The message in one piece, in a few, byte by byte, or cut at each end of a line. */
export function inPieces(random: Random, bytes: Buffer): Buffer[] {
  const kind = random.next() % 8
  if (kind < 4) return [bytes]
  if (kind === 4 && bytes.length < 400) return Array.from(bytes, byte => Buffer.from([byte]))
  if (kind === 5) return bytes.toString('latin1').split(/(?<=\r)|(?<=\n)/).map(line => Buffer.from(line, 'latin1'))
  const at = place(random, bytes)
  return [bytes.subarray(0, at), bytes.subarray(at)]
}
