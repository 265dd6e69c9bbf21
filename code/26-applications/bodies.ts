import { once } from 'node:events'
import type { Socket } from 'node:net'
import { parseFields, readFieldLines } from './fields.ts'
import type { Incoming } from './incoming.ts'
import { LIMITS } from './limits.ts'
import { printable } from './listen.ts'
import { BAD_REQUEST, Refusal } from './refusal.ts'

export type Body = AsyncIterable<Buffer>

export function bodyOf(length: number | 'chunked', incoming: Incoming): Body {
  return length === 'chunked' ? chunked(incoming) : sized(length, incoming)
}

async function* sized(length: number, incoming: Incoming): Body {
  for (let left = length; left > 0;) {
    const piece = await incoming.some(left)
    left -= piece.length
    yield piece
  }
}

async function* chunked(incoming: Incoming): Body {
  for (let room = LIMITS.extensions; ;) {
    const line = await incoming.line(LIMITS.chunkLine)
    const { size, extension } = chunkSizeIn(line)
    room -= extension.length
    if (room < 0) throw new Refusal(BAD_REQUEST, 'too many chunk extensions')
    if (size === 0) break
    yield* sized(size, incoming)
    const end = await incoming.exactly(2)
    if (end.toString() !== '\r\n') {
      throw new Refusal(BAD_REQUEST, 'a chunk ends with CR LF')
    }
  }
  const trailers = await readFieldLines(incoming)
  const names = [...parseFields(trailers).keys()]
  if (names.some(name => FRAMING.includes(name))) {
    throw new Refusal(BAD_REQUEST, 'a trailer that says where a body ends')
  }
  for (const trailer of trailers) {
    console.log(`Trailer: ${printable(Buffer.from(trailer, 'latin1'))}`)
  }
}

const FRAMING = ['content-length', 'transfer-encoding', 'host']
const CHUNK_LINE
  = /^([\da-f]{1,12})([ \t]*;[ \t]*[\w!#$%&'*+.^`|~-][\t -~]*)?$/i

function chunkSizeIn(line: string): { size: number, extension: string } {
  const [, digits, extension = ''] = CHUNK_LINE.exec(line) ?? []
  if (!digits) throw new Refusal(BAD_REQUEST, 'a chunk begins with its size')
  return { size: Number.parseInt(digits, 16), extension }
}

export async function sendChunked(conn: Socket, body: Body): Promise<void> {
  for await (const piece of body) {
    conn.cork()
    conn.write(`${piece.length.toString(16)}\r\n`)
    conn.write(piece)
    const room = conn.write('\r\n')
    conn.uncork()
    if (!room) await once(conn, 'drain')
  }
  conn.write('0\r\n\r\n')
}

export async function sendUntilEnd(conn: Socket, body: Body): Promise<void> {
  for await (const piece of body) {
    if (!conn.write(piece)) await once(conn, 'drain')
  }
}
