import type { Socket } from 'node:net'
import { printable, startServer } from './listen.ts'

const END = '\r\n\r\n'

async function handleClient(conn: Socket): Promise<void> {
  let pieces: Buffer[] = []
  for await (const piece of conn.iterator({ destroyOnReturn: false })) {
    pieces.push(piece)
    const lastTwo = Buffer.concat(pieces.slice(-2))
    if (!lastTwo.includes(END)) continue
    const message = Buffer.concat(pieces)
    pieces = []
    console.log(`Message: ${printable(message)}`)
    conn.write(`Message: ${printable(message)}\r\n`)
  }
}

await startServer(handleClient)
