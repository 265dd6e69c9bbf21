import type { Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { answer, refuse } from './answers.ts'
import { Exchange } from './exchange.ts'
import { Incoming, Refusal } from './incoming.ts'
import { printable, startServer } from './listen.ts'
import { parseRequest } from './request.ts'

const MOST = 16 * 1024
const IDLE = 5000

async function handleClient(conn: Socket): Promise<void> {
  conn.setNoDelay(true)
  const incoming = new Incoming(conn.iterator({ destroyOnReturn: false }))
  try {
    while (await anotherComes(incoming)) {
      const head = await incoming.until('\r\n\r\n', MOST)
      const request = parseRequest(head.toString('latin1'))
      const { method, target } = request
      const asked = Buffer.from(`${method} ${target}`, 'latin1')
      console.log(`Request: ${printable(asked)}`)
      const exchange = new Exchange(request, incoming, conn)
      await answer(exchange)
      if (!await exchange.finish()) break
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    console.log(`Refused: ${error.message}`)
    refuse(conn, error.message)
  }
}

async function anotherComes(incoming: Incoming): Promise<boolean> {
  const over = new AbortController()
  const isIdle = setTimeout(IDLE, true, { signal: over.signal })
  const isOver = await Promise.race([incoming.isOver(), isIdle])
  over.abort()
  return !isOver
}

await startServer(handleClient)
