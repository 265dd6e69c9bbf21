import { createHash } from 'node:crypto'
import type { Socket } from 'node:net'
import { sendChunked, sendUntilEnd, type Body } from './bodies.ts'
import type { Exchange } from './exchange.ts'
import { pageFor } from './page.ts'
import { Refusal } from './refusal.ts'
import { responseHead, type Fields } from './response.ts'

const ALLOWED: Record<string, string> = {
  '/echo': 'POST',
  '/count': 'POST',
  '/empty': 'GET, HEAD',
  '/same': 'GET, HEAD',
}
const ALL = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'

export async function answer(exchange: Exchange): Promise<void> {
  const { request, body, conn } = exchange
  const method = request.method === 'HEAD' ? 'GET' : request.method
  const allowed = ALLOWED[request.target] ?? ALL
  if (!allowed.split(', ').includes(request.method)) {
    const status = '405 Method Not Allowed'
    respond(exchange, 'text/plain', `${status}\n`, status, { Allow: allowed })
    return
  }
  switch (`${method} ${request.target}`) {
    case 'POST /echo':
      await stream(exchange, body.read(conn, Infinity))
      break
    case 'POST /count':
      respond(exchange, 'text/plain', await countOf(body.read(conn)))
      break
    case 'OPTIONS *':
      exchange.sendHead('204 No Content', { Allow: ALL })
      break
    case 'GET /empty':
      exchange.sendHead('204 No Content', {})
      break
    case 'GET /same':
      exchange.sendHead('304 Not Modified', {})
      break
    default:
      respond(exchange, 'text/html', pageFor({ ...request, method }))
  }
}

export function respond(
  exchange: Exchange, type: string, text: string, status = '200 OK',
  fields: Fields = {},
): void {
  const body = Buffer.from(text)
  exchange.sendHead(status, {
    ...fields,
    'Content-Type': `${type}; charset=utf-8`,
    'Content-Length': body.length,
  })
  if (exchange.request.method !== 'HEAD') exchange.conn.write(body)
}

async function stream(exchange: Exchange, body: Body): Promise<void> {
  const { conn, request } = exchange
  const type = { 'Content-Type': 'application/octet-stream' }
  try {
    if (request.version === 'HTTP/1.0') {
      exchange.sendHead('200 OK', type)
      await sendUntilEnd(conn, body)
    } else {
      exchange.sendHead('200 OK', { ...type, 'Transfer-Encoding': 'chunked' })
      await sendChunked(conn, body)
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    console.log(`Broken off: ${error.message}`)
    exchange.stays = false
  }
}

async function countOf(body: Body): Promise<string> {
  const hash = createHash('sha256')
  let size = 0
  for await (const piece of body) {
    hash.update(piece)
    size += piece.length
  }
  return `${size} bytes, sha-256 ${hash.digest('hex')}\n`
}

export function refuse(conn: Socket, { status, message }: Refusal): void {
  const body = Buffer.from(`${message}\n`)
  conn.write(responseHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': body.length,
    Connection: 'close',
  }))
  conn.write(body)
}
