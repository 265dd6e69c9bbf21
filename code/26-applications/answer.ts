import { appRequest } from './app-request.ts'
import { checked } from './check-response.ts'
import type { App, Session } from './contract.ts'
import type { Exchange } from './exchange.ts'
import { Refusal } from './refusal.ts'
import { send, words } from './send.ts'
import * as bodies from './wrappers.ts'

export async function answer(
  app: App, session: Session, exchange: Exchange,
): Promise<void> {
  const { conn, request } = exchange
  try {
    const response = await app(session, appRequest(exchange), bodies)
    await send(exchange, checked(response, request.method))
  } catch (error) {
    if (conn.errored) throw conn.errored
    if (exchange.hasHead) {
      console.log(`Broken off: ${words(error)}`)
      exchange.breakOff()
      return
    }
    if (error instanceof Refusal) throw error
    console.log(`The application failed: ${words(error)}`)
    throw new Refusal('500 Internal Server Error', 'the application failed')
  }
}
