import { createHash } from 'node:crypto'
import type { Socket } from 'node:net'
import { bodyOf, sendChunked, type Body } from './bodies.ts'
import { Refusal, type Incoming } from './incoming.ts'
import { pageFor } from './page.ts'
import type { Request } from './request.ts'
import { responseHead } from './response.ts'

export async function answer(
  conn: Socket, request: Request, incoming: Incoming,
): Promise<void> {
  const isHead = request.method === 'HEAD'
  const method = isHead ? 'GET' : request.method
  switch (`${method} ${request.target}`) {
    case 'POST /echo':
      await stream(conn, bodyOf(request, incoming, conn))
      break
    case 'POST /count': {
      const count = await countOf(bodyOf(request, incoming, conn))
      respond(conn, '200 OK', 'text/plain', count)
      break
    }
    case 'GET /empty':
      conn.write(responseHead('204 No Content', { Connection: 'close' }))
      break
    case 'GET /same':
      conn.write(responseHead('304 Not Modified', { Connection: 'close' }))
      break
    default: {
      const page = pageFor({ ...request, method })
      respond(conn, '200 OK', 'text/html', page, isHead)
    }
  }
}

async function stream(conn: Socket, body: Body): Promise<void> {
  conn.write(responseHead('200 OK', {
    'Content-Type': 'application/octet-stream',
    'Transfer-Encoding': 'chunked',
    Connection: 'close',
  }))
  try {
    await sendChunked(conn, body)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    console.log(`Broken off: ${error.message}`)
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

export function respond(
  conn: Socket, status: string, type: string, text: string, isHead = false,
): void {
  const body = Buffer.from(text)
  conn.write(responseHead(status, {
    'Content-Type': `${type}; charset=utf-8`,
    'Content-Length': body.length,
    Connection: 'close',
  }))
  if (!isHead) conn.write(body)
}
