import { once, on } from 'node:events'
import { openSync, writeSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { devNull } from 'node:os'
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
  // One descriptor for each client, and nobody closes it.
  const log = openSync(devNull, 'a')

  for await (const data of conn.iterator({ destroyOnReturn: false })) {
    console.log(`Received: ${printable(data)}`)
    if (!conn.write(data)) await once(conn, 'drain')
    writeSync(log, data)
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
