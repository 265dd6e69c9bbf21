import { on, once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { inspect } from 'node:util'

const SERVER_NAME = '127.0.0.1'
const SERVER_PORT = 12345

async function startServer(): Promise<void> {
  const listenSocket = await initializeServerSocket()
  await handleNewConnections(listenSocket)
}

async function initializeServerSocket(): Promise<Server> {
  const sock = createServer({ allowHalfOpen: true })
  sock.listen({ host: SERVER_NAME, port: SERVER_PORT, backlog: 5 })
  await once(sock, 'listening')
  return sock
}

async function handleNewConnections(sock: Server): Promise<void> {
  async function handleClient(conn: Socket): Promise<void> {
    for await (const data of conn.iterator({ destroyOnReturn: false })) {
      console.log(`Received: ${printable(data)}`)
      process.exit()
      if (!conn.write(data)) await once(conn, 'drain')
    }
    conn.end()
  }

  for await (const [conn] of on(sock, 'connection')) {
    const { remoteAddress, remotePort } = conn as Socket
    console.log(`Received new connection from ${remoteAddress}:${remotePort}`)
    await handleClient(conn)
  }
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
