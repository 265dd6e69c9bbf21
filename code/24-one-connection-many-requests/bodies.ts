import { once } from 'node:events'
import type { Socket } from 'node:net'
import { Refusal, type Incoming } from './incoming.ts'
import { printable } from './listen.ts'
import type { Request } from './request.ts'
import { chunkSizeIn, lengthIn } from './sizes.ts'

const LINE = 4096

export type Body = AsyncIterable<Buffer>

export function bodyOf({ fields }: Request, incoming: Incoming): Body {
  const coding = fields.get('transfer-encoding')?.toLowerCase()
  if (coding !== undefined && coding !== 'chunked') {
    throw new Refusal('the only transfer coding here is chunked')
  }
  const length = lengthIn(fields.get('content-length') ?? '0')
  return coding ? chunked(incoming) : sized(length, incoming)
}

async function* sized(length: number, incoming: Incoming): Body {
  for (let left = length; left > 0;) {
    const piece = await incoming.some(left)
    left -= piece.length
    yield piece
  }
}

async function* chunked(incoming: Incoming): Body {
  for (;;) {
    const line = await incoming.until('\r\n', LINE)
    const size = chunkSizeIn(line.toString('latin1'))
    if (size === 0) break
    yield* sized(size, incoming)
    const end = await incoming.exactly(2, 2)
    if (end.toString() !== '\r\n') throw new Refusal('a chunk ends with CR LF')
  }
  for (;;) {
    const trailer = await incoming.until('\r\n', LINE)
    if (trailer.length === 0) return
    console.log(`Trailer: ${printable(trailer)}`)
  }
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
