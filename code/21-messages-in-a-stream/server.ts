import { once } from 'node:events'
import type { Socket } from 'node:net'
import { Incoming, Refusal } from './incoming.ts'
import { printable, startServer } from './listen.ts'

const MOST = 16 * 1024 * 1024

async function handleClient(conn: Socket): Promise<void> {
  const incoming = new Incoming(conn.iterator({ destroyOnReturn: false }))
  try {
    for (let count = 1; !await incoming.isOver(); count++) {
      const message = await nextMessage(incoming)
      const shown = `${message.length} bytes, ${printable(message)}`
      console.log(`Message ${count}: ${shown}`)
      const room = conn.write(`Message ${count}: ${shown}\r\n`)
      if (!room) await once(conn, 'drain')
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    console.log(`Refused: ${error.message}`)
    conn.write(`Refused: ${error.message}\r\n`)
  }
}

async function nextMessage(incoming: Incoming): Promise<Buffer> {
  const word = await incoming.until('\r\n', 80)
  switch (word.toString()) {
    case 'text':
      return await incoming.until('\r\n\r\n', MOST)
    case 'size': {
      const length = await incoming.exactly(4, 4)
      return await incoming.exactly(length.readUInt32BE(), MOST)
    }
    case 'rest':
      return await incoming.rest(MOST)
    default:
      throw new Refusal(`text, size or rest, not ${printable(word)}`)
  }
}

await startServer(handleClient)
