import { once } from 'node:events'
import { createServer } from 'node:net'

async function startServer(): Promise<void> {
  const sock = createServer()
  sock.listen({ host: '127.0.0.1', port: 12345, backlog: 5 })
  await once(sock, 'listening')
}

console.log('Starting server on port 12345')
try {
  await startServer()
} catch (error) {
  if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
  console.error('Port 12345 is taken: stop the program that has it')
  process.exitCode = 1
}
process.on('SIGTERM', () => console.log('Not now'))
