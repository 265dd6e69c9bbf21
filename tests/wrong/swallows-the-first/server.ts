import { once, on } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { inspect } from 'node:util'

async function startServer(): Promise<void> {
  const sock = createServer({ allowHalfOpen: true })
  sock.listen({ host: '127.0.0.1', port: 12345, backlog: 5 })
  await once(sock, 'listening')
  for await (const [conn] of on(sock, 'connection')) {
    const { remoteAddress, remotePort } = conn as Socket
    console.log(`Received new connection from ${remoteAddress}:${remotePort}`)
    await handleClient(conn)
  }
}

async function handleClient(conn: Socket): Promise<void> {
  const [hello] = await once(conn, 'data')
  console.log(`Received: ${printable(hello)}`)

  for await (const data of conn.iterator({ destroyOnReturn: false })) {
    console.log(`Received: ${printable(data)}`)
    if (!conn.write(data)) await once(conn, 'drain')
  }
  conn.end()
}

function printable(data: Buffer): string {
  return inspect(data.toString('latin1'), { breakLength: Infinity })
}

console.log('Starting server on port 12345')
try {
  await startServer()
} catch (error) {
  if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
  console.error('Port 12345 is taken: stop the program that has it')
  process.exitCode = 1
}
