import type { Socket } from 'node:net'
import { answer, respond } from './answers.ts'
import { Incoming, Refusal } from './incoming.ts'
import { printable, startServer } from './listen.ts'
import { parseRequest } from './request.ts'

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
    await answer(conn, request, incoming)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    console.log(`Refused: ${error.message}`)
    respond(conn, '400 Bad Request', 'text/plain', `${error.message}\n`)
  }
}

await startServer(handleClient)
