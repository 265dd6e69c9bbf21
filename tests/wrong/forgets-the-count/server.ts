import { on, once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { finished } from 'node:stream/promises'
import { inspect } from 'node:util'

const SERVER_NAME = '127.0.0.1'
const SERVER_PORT = 12345
const NEWLINE = 10

let count = 0

async function startServer(): Promise<void> {
  const listenSocket = await initializeServerSocket()
  await handleNewConnections(listenSocket)
}

async function initializeServerSocket(): Promise<Server> {
  const sock = createServer({ allowHalfOpen: true })
  sock.listen({ host: SERVER_NAME, port: SERVER_PORT })
  await once(sock, 'listening')
  return sock
}

async function handleNewConnections(sock: Server): Promise<void> {
  async function handleClient(conn: Socket): Promise<void> {
    const peer = `${conn.remoteAddress}:${conn.remotePort}`
    console.log(`Received new connection from ${peer}`)
    try {
      for await (const data of conn.iterator({ destroyOnReturn: false })) {
        console.log(`Received: ${printable(data)}`)
        if (!conn.write(data)) await once(conn, 'drain')
        const lines = data.filter((byte: number) => byte === NEWLINE).length
        count += lines
        if (lines > 0) console.log(`Messages so far: ${count}`)
        writeFileSync('messages.txt', `${count}\n`)
      }
      conn.end()
      await finished(conn)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (!code) throw error
      console.log(`Lost ${peer}: ${code}`)
    }
  }

  for await (const [conn] of on(sock, 'connection')) handleClient(conn)
}

function printable(data: Buffer): string {
  return inspect(data.toString('latin1'), { breakLength: Infinity })
}

console.log(`Starting server on port ${SERVER_PORT}`)
try {
  await startServer()
} catch (error) {
  if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
  console.error(`Port ${SERVER_PORT} is taken: stop the program that has it`)
  process.exitCode = 1
}
