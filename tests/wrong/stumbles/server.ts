import { createServer, type Socket } from 'node:net'

const names = new Map<string, string>()

function greet(conn: Socket): void {
  const name = names.get(String(conn.remoteAddress)) as string
  console.log(`Received new connection from ${name.toUpperCase()}`)
}

console.log('Starting server on port 12345')
createServer(greet).listen({ host: '127.0.0.1', port: 12345, backlog: 5 })
