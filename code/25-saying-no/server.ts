import type { Socket } from 'node:net'
import { answer, refuse } from './answers.ts'
import { Exchange } from './exchange.ts'
import { Incoming } from './incoming.ts'
import { LIMITS } from './limits.ts'
import { printable, startServer } from './listen.ts'
import { Refusal } from './refusal.ts'
import { readRequest } from './request.ts'

async function handleClient(conn: Socket): Promise<void> {
  conn.setNoDelay(true)
  const incoming = new Incoming(conn.iterator({ destroyOnReturn: false }))
  try {
    while (await anotherComes(incoming)) {
      incoming.waitAtMost(LIMITS.headTime)
      const request = await readRequest(incoming)
      const { method, target } = request
      const asked = Buffer.from(`${method} ${target}`, 'latin1')
      console.log(`Request: ${printable(asked)}`)
      const exchange = new Exchange(request, incoming, conn)
      await answer(exchange)
      if (!await exchange.finish()) break
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    console.log(`Refused: ${error.status}: ${error.message}`)
    refuse(conn, error)
  }
}

async function anotherComes(incoming: Incoming): Promise<boolean> {
  incoming.waitAtMost(LIMITS.idleTime)
  try {
    return !await incoming.isOver()
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}

await startServer(handleClient)
