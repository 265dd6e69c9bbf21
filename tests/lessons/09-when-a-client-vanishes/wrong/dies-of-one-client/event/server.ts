import { createServer } from 'node:net'
import { inspect } from 'node:util'

const server = createServer({ allowHalfOpen: true }, conn => {
  console.log(`Received new connection from ${conn.remoteAddress}:${conn.remotePort}`)
  conn.on('data', data => {
    const text = inspect(data.toString('latin1'), { breakLength: Infinity })
    console.log(`Received: ${text}`)
    if (conn.write(data)) return
    conn.pause()
    conn.once('drain', () => conn.resume())
  })
  conn.on('end', () => conn.end())
})
server.on('error', () => {
  console.error('Port 12345 is taken: stop the program that has it')
  process.exitCode = 1
})
console.log('Starting server on port 12345')
server.listen({ host: '127.0.0.1', port: 12345 })
