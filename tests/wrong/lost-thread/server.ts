import { on, once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { finished } from 'node:stream/promises'
import { inspect } from 'node:util'
import { stampInPool } from './pool.ts'
import { stamp } from './stamp.ts'

const SERVER_NAME = '127.0.0.1'
const SERVER_PORT = 12345
const STAMP_PORT = 12346
const makeStamp = process.argv[2] === 'here' ? stamp : stampInPool

async function startServer(): Promise<void> {
  const listenSocket = await initializeServerSocket(SERVER_PORT)
  const stampSocket = await initializeServerSocket(STAMP_PORT)
  await Promise.all([
    handleNewConnections(listenSocket),
    handleStampRequests(stampSocket),
  ])
}

async function initializeServerSocket(port: number): Promise<Server> {
  const sock = createServer({ allowHalfOpen: true })
  sock.listen({ host: SERVER_NAME, port })
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

async function handleStampRequests(sock: Server): Promise<void> {
  async function handleClient(conn: Socket): Promise<void> {
    try {
      const chunks: Buffer[] = []
      for await (const data of conn.iterator({ destroyOnReturn: false })) {
        chunks.push(data)
      }
      const message = Buffer.concat(chunks)
      console.log(`To stamp: ${printable(message)}`)
      const answer = await stampOrExcuse(message.toString())
      console.log(`Done with ${printable(message)}`)
      conn.end(`${answer}\n`)
      await finished(conn)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (!code) throw error
      console.log(`Nobody there to take the stamp: ${code}`)
    }
  }

  for await (const [conn] of on(sock, 'connection')) handleClient(conn)
}

async function stampOrExcuse(message: string): Promise<string> {
  try {
    return await makeStamp(message)
  } catch (error) {
    return `No stamp: ${(error as Error).message}`
  }
}

function printable(data: Buffer): string {
  return inspect(data.toString('latin1'), { breakLength: Infinity })
}

console.log(`Starting server on port ${SERVER_PORT}`)
try {
  await startServer()
} catch (error) {
  const { code, port } = error as NodeJS.ErrnoException & { port?: number }
  if (code !== 'EADDRINUSE') throw error
  console.error(`Port ${port} is taken: stop the program that has it`)
  process.exit(1)
}
