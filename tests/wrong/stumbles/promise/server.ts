import { on, once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'

const SERVER_NAME = '127.0.0.1'
const SERVER_PORT = 12345

async function startServer(): Promise<void> {
  const listenSocket = initializeServerSocket() as unknown as Server
  await handleNewConnections(listenSocket)
}

async function initializeServerSocket(): Promise<Server> {
  const sock = createServer()
  sock.listen({ host: SERVER_NAME, port: SERVER_PORT, backlog: 5 })
  await once(sock, 'listening')
  return sock
}

async function handleNewConnections(sock: Server): Promise<void> {
  for await (const [conn] of on(sock, 'connection')) {
    const { remoteAddress, remotePort } = conn as Socket
    console.log(`Received new connection from ${remoteAddress}:${remotePort}`)
  }
}

console.log(`Starting server on port ${SERVER_PORT}`)
try {
  await startServer()
} catch (error) {
  if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
  console.error(`Port ${SERVER_PORT} is taken: stop the program that has it`)
  process.exitCode = 1
}
