import { createServer } from 'node:net'

const sock = createServer(conn => {
  console.log(`Received new connection from ${conn.remoteAddress}:${conn.remotePort}`)
  // Nobody listens for the event error, so Node ends the program with it.
  conn.on('data', () => conn.emit('error', new Error('had enough')))
})
console.log('Starting server on port 12345')
sock.listen({ host: '127.0.0.1', port: 12345, backlog: 5 })
