import { createServer } from 'node:net'

const sock = createServer(conn => {
  console.log(`New connection from ${conn.remoteAddress}:${conn.remotePort}`)
})
console.log('Starting server on port 12345')
sock.listen({ host: '127.0.0.1', port: 12345, backlog: 5 })
