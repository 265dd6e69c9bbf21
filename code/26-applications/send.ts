import type { Socket } from 'node:net'
import { inspect } from 'node:util'
import { sendChunked, sendUntilEnd } from './bodies.ts'
import { lengthOfBody, wrong } from './check-response.ts'
import type { Response } from './contract.ts'
import type { Exchange } from './exchange.ts'
import type { Refusal } from './refusal.ts'
import { responseHead } from './response.ts'
import type { Pieces } from './wrappers.ts'

export async function send(
  exchange: Exchange, [status, reason, headers, body]: Response,
): Promise<void> {
  const { conn, request: { method, version } } = exchange
  const line = `${status} ${reason}`
  const fields = { ...headers }
  const isOld = version === 'HTTP/1.0'
  if (isOld) delete fields['transfer-encoding']
  if (body === null) {
    const isBodiless = method === 'HEAD' || [204, 304].includes(status)
    exchange.sendHead(line, isBodiless ? fields : { ...fields, ...NOTHING })
    return
  }
  const length = lengthOfBody(body)
  if (body instanceof Uint8Array) {
    exchange.sendHead(line, { ...fields, 'content-length': length })
    conn.write(body)
    return
  }
  const pieces = await begun(piecesOf(body, length, conn))
  if (length !== 'chunked') {
    exchange.sendHead(line, { ...fields, 'content-length': length })
    await sendUntilEnd(conn, pieces)
  } else if (isOld) {
    exchange.stays = false
    exchange.sendHead(line, fields)
    await sendUntilEnd(conn, pieces)
  } else {
    exchange.sendHead(line, { ...fields, 'transfer-encoding': 'chunked' })
    await sendChunked(conn, pieces)
  }
}

const NOTHING = { 'content-length': 0 }

async function* piecesOf(
  body: Pieces, length: number | 'chunked', conn: Socket,
): AsyncGenerator<Buffer> {
  let left = length === 'chunked' ? Infinity : length
  for await (const piece of body) {
    if (conn.errored) throw conn.errored
    if (!(piece instanceof Uint8Array)) throw wrong('a piece is bytes', piece)
    left -= piece.length
    if (left < 0) throw broken(length, left)
    if (piece.length > 0) yield Buffer.from(piece)
  }
  if (left > 0 && left < Infinity) throw broken(length, left)
}

function broken(length: number | 'chunked', left: number): Error {
  return wrong(`${length} bytes were promised`, Number(length) - left)
}

type Sent = AsyncIterable<Buffer>

/** Asks for the first piece at once: what fails before it can still be told. */
async function begun(pieces: AsyncGenerator<Buffer>): Promise<Sent> {
  const first = await pieces.next()
  async function* all(): AsyncGenerator<Buffer> {
    try {
      if (!first.done) yield first.value
      yield* pieces
    } finally {
      await pieces.return(undefined)
    }
  }
  return all()
}

export function refuse(
  conn: Socket, { status, message }: Refusal, method?: string,
): void {
  const body = Buffer.from(`${message}\n`)
  conn.write(responseHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': body.length,
    Connection: 'close',
  }))
  if (method !== 'HEAD') conn.write(body)
}

/** What an application has thrown, which may be anything, as a line. */
export function words(error: unknown): string {
  const told: unknown = error instanceof Error ? error.message : error
  const text = typeof told === 'string'
    ? told : inspect(told, { depth: 0, customInspect: false })
  return text.slice(0, 200)
    .replace(/\p{Cc}/gu, byte => inspect(byte).slice(1, -1))
}
