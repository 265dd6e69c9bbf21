import { on, once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { finished } from 'node:stream/promises'
import { inspect } from 'node:util'
import { readOptions, type Options } from './options.ts'

async function startServer(options: Options): Promise<void> {
  const listenSocket = await initializeServerSocket(options)
  await handleNewConnections(listenSocket)
}

async function initializeServerSocket(options: Options): Promise<Server> {
  const { port, backlog } = options
  const sock = createServer({ allowHalfOpen: true })
  sock.listen({ port, backlog })
  await once(sock, 'listening')
  return sock
}

async function handleNewConnections(sock: Server): Promise<void> {
  async function handleClient(conn: Socket): Promise<void> {
    const peer = `${conn.remoteAddress}:${conn.remotePort}`
    console.log(`Received new connection from ${peer}`)
    try {
      for await (const data of conn.iterator({ destroyOnReturn: false })) {
        console.log(`Received: ${printable(data)}`)
        if (!conn.write(data)) await once(conn, 'drain')
      }
      conn.end()
      await finished(conn)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (!code) throw error
      console.log(`Lost ${peer}: ${code}`)
    }
  }

  for await (const [conn] of on(sock, 'connection')) handleClient(conn)
}

function printable(data: Buffer): string {
  return inspect(data.toString('latin1'), { breakLength: Infinity })
}

function explain(error: NodeJS.ErrnoException, { host, port }: Options) {
  const { code = '', syscall } = error
  if (syscall === 'getaddrinfo') {
    const shown = inspect(host, { breakLength: Infinity })
    return `No address is known for ${shown} (${code})`
  }
  const reasons: Record<string, string> = {
    EADDRINUSE: `Port ${port} is taken: stop the program that has it`,
    EACCES: `Port ${port} needs a privilege: take one from 1024 on`,
    EADDRNOTAVAIL: `${host} is no address of this machine`,
  }
  return reasons[code]
}

const options = readOptions()
if (options) {
  console.log(`Starting server on port ${options.port}`)
  try {
    await startServer(options)
  } catch (error) {
    const reason = explain(error as NodeJS.ErrnoException, options)
    if (!reason) throw error
    console.error(reason)
    process.exitCode = 1
  }
}
