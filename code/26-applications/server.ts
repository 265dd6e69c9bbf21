import type { Socket } from 'node:net'
import { answer } from './answer.ts'
import type { App, Session } from './contract.ts'
import { Exchange } from './exchange.ts'
import { Incoming } from './incoming.ts'
import { LIMITS } from './limits.ts'
import { printable, startServer } from './listen.ts'
import { Refusal } from './refusal.ts'
import { readRequest, type Request } from './request.ts'
import { refuse } from './send.ts'

const APP = process.argv[3] ?? './site.ts'
const { default: app } = await import(new URL(APP, import.meta.url).href)

async function handleClient(conn: Socket): Promise<void> {
  conn.setNoDelay(true)
  const { remoteAddress = '', remotePort = 0 } = conn
  const session: Session = { client: [remoteAddress, remotePort], requests: 0 }
  let request: Request | undefined
  const incoming = new Incoming(conn.iterator({ destroyOnReturn: false }))
  try {
    while (await anotherComes(incoming)) {
      request = undefined
      incoming.waitAtMost(LIMITS.headTime)
      request = await readRequest(incoming)
      const { method, target } = request
      const asked = Buffer.from(`${method} ${target}`, 'latin1')
      console.log(`Request: ${printable(asked)}`)
      const exchange = new Exchange(request, incoming, conn)
      await answer(app as App, session, exchange)
      session.requests++
      if (!await exchange.finish()) break
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    console.log(`Refused: ${error.status}: ${error.message}`)
    refuse(conn, error, request?.method)
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
