import type { Socket } from 'node:net'
import { Incoming, Refusal } from './incoming.ts'
import { printable, startServer } from './listen.ts'
import { pageFor } from './page.ts'
import { parseRequest } from './request.ts'
import { responseHead } from './response.ts'

const MOST = 16 * 1024

async function handleClient(conn: Socket): Promise<void> {
  const incoming = new Incoming(conn.iterator({ destroyOnReturn: false }))
  try {
    if (await incoming.isOver()) return
    const head = await incoming.until('\r\n\r\n', MOST)
    const request = parseRequest(head.toString('latin1'))
    const { method, target } = request
    const asked = Buffer.from(`${method} ${target}`, 'latin1')
    console.log(`Request: ${printable(asked)}`)
    respond(conn, '200 OK', 'text/html', pageFor(request))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    console.log(`Refused: ${error.message}`)
    respond(conn, '400 Bad Request', 'text/plain', `${error.message}\n`)
  }
}

function respond(conn: Socket, status: string, type: string, text: string) {
  const body = Buffer.from(text)
  conn.write(responseHead(status, {
    'Content-Type': `${type}; charset=utf-8`,
    'Content-Length': body.length,
    Connection: 'close',
  }))
  conn.write(body)
}

await startServer(handleClient)
