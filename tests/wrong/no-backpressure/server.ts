import { createServer } from 'node:net'
import { inspect } from 'node:util'

const sock = createServer({ allowHalfOpen: true }, conn => {
  console.log(`Received new connection from ${conn.remoteAddress}:${conn.remotePort}`)
  conn.on('data', data => {
    console.log(`Received: ${inspect(data.toString('latin1'), { breakLength: Infinity })}`)
    conn.write(data)
  })
  conn.on('end', () => conn.end())
})
console.log('Starting server on port 12345')
sock.listen({ host: '127.0.0.1', port: 12345, backlog: 5 })
