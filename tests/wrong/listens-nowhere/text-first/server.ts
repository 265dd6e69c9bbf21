import { once } from 'node:events'
import { createServer, type Server } from 'node:net'

const SERVER_NAME = '127.0.0.1'
const SERVER_PORT = 12345

async function startServer(): Promise<void> {
  await initializeServerSocket()
}

async function initializeServerSocket(): Promise<Server> {
  const sock = createServer()
  sock.listen(SERVER_NAME, SERVER_PORT)
  await once(sock, 'listening')
  return sock
}

console.log(`Starting server on port ${SERVER_PORT}`)
try {
  await startServer()
} catch (error) {
  if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
  console.error(`Port ${SERVER_PORT} is taken: stop the program that has it`)
  process.exitCode = 1
}
