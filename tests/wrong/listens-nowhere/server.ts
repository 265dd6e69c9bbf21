import { createServer } from 'node:net'

function startServer(): void {
  const sock = createServer()
  // What keeps it running is not the server.
  setInterval(() => console.log(sock.listening), 60_000)
}

console.log('Starting server on port 12345')
startServer()
