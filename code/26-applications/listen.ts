import { on, once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { finished } from 'node:stream/promises'
import { inspect } from 'node:util'

const SERVER_NAME = process.argv[2] ?? '127.0.0.1'
const SERVER_PORT = 12345
const LINGER = 1000

type Handler = (conn: Socket) => Promise<void>

export async function startServer(handleClient: Handler): Promise<void> {
  console.log(`Starting server on port ${SERVER_PORT}`)
  try {
    const listenSocket = await initializeServerSocket()
    await handleNewConnections(listenSocket, handleClient)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    console.error(`Port ${SERVER_PORT} is taken: stop the program that has it`)
    process.exitCode = 1
  }
}

async function initializeServerSocket(): Promise<Server> {
  const sock = createServer({ allowHalfOpen: true })
  sock.listen({ host: SERVER_NAME, port: SERVER_PORT })
  await once(sock, 'listening')
  return sock
}

async function handleNewConnections(sock: Server, handleClient: Handler) {
  async function serve(conn: Socket): Promise<void> {
    const peer = `${conn.remoteAddress}:${conn.remotePort}`
    console.log(`Received new connection from ${peer}`)
    try {
      await handleClient(conn)
      await leave(conn)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (!code) throw error
      console.log(`Lost ${peer}: ${code}`)
    }
  }

  for await (const [conn] of on(sock, 'connection')) serve(conn)
}

async function leave(conn: Socket): Promise<void> {
  conn.end()
  await finished(conn, { readable: false })
  conn.on('error', () => {})
  conn.removeAllListeners('readable').resume()
  setTimeout(() => conn.destroy(), LINGER)
}

export function printable(data: Buffer): string {
  return inspect(data.toString('latin1'), {
    breakLength: Infinity,
    maxStringLength: 60,
  })
}
