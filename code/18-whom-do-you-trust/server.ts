import { on, once } from 'node:events'
import type { Socket } from 'node:net'
import { finished } from 'node:stream/promises'
import { createServer, type Server } from 'node:tls'
import { inspect } from 'node:util'
import { printAddress, type Address } from './address.ts'
import { readOptions, type Options } from './options.ts'
import { readPapers } from './papers.ts'

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

async function startServer(options: Options): Promise<void> {
  const listenSocket = await initializeServerSocket(options)
  await handleNewConnections(listenSocket, options)
  console.log('Stopped')
}

async function initializeServerSocket(options: Options): Promise<Server> {
  const { address, backlog, timeout, papers } = options
  const sock = createServer({
    ...readPapers(papers),
    minVersion: 'TLSv1.2',
    handshakeTimeout: timeout * 1000,
  })
  sock.listen({ ...address, backlog })
  await once(sock, 'listening')
  return sock
}

function addressOf(sock: Server): Address {
  const found = sock.address()
  if (found === null) throw new Error('the socket does not listen')
  if (typeof found === 'string') return { path: found }
  return { host: found.address, port: found.port }
}

async function handleNewConnections(sock: Server, options: Options) {
  const { timeout, maxConnections, grace } = options
  const clients = new Set<Socket>()
  const callers = new Set<Socket>()

  async function handleClient(conn: Socket): Promise<void> {
    const peer = peerOf(conn)
    console.log(`Received new connection from ${peer}`)
    clients.add(conn)
    conn.allowHalfOpen = true
    conn.setTimeout(timeout * 1000, () => cutOff(conn, 'IDLE'))
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
    } finally {
      clients.delete(conn)
    }
  }

  function turnAway(conn: Socket): void {
    console.log(`Turned away ${peerOf(conn)}`)
    conn.on('error', () => {})
    conn.end(`Full: ${maxConnections} clients are here. Try again later.\n`)
    setTimeout(() => conn.destroy(), 1000)
  }

  function stop(signal: NodeJS.Signals): void {
    for (const name of SIGNALS) process.off(name, stop)
    sock.close()
    console.log(`${signal}: no new clients, ${clients.size} may finish`)
    setTimeout(() => {
      for (const conn of clients) {
        cutOff(conn, 'STOPPED')
        process.exitCode = 1
      }
      for (const caller of callers) caller.destroy()
    }, grace * 1000).unref()
  }

  for (const name of SIGNALS) process.on(name, stop)
  sock.on('connection', (caller: Socket) => {
    callers.add(caller.once('close', () => callers.delete(caller)))
  })
  sock.on('tlsClientError', (error: NodeJS.ErrnoException, conn) => {
    console.log(`No handshake with ${peerOf(conn)}: ${error.code}`)
    conn.destroy()
  })
  console.log(`Listening on ${printAddress(addressOf(sock))}`)
  const event = 'secureConnection'
  for await (const [conn] of on(sock, event, { close: ['close'] })) {
    if (clients.size < maxConnections) handleClient(conn)
    else turnAway(conn)
  }
}

function cutOff(conn: Socket, code: string): void {
  conn.destroy(Object.assign(new Error('cut off by us'), { code }))
}

function printable(data: Buffer): string {
  return inspect(data.toString('latin1'), { breakLength: Infinity })
}

function peerOf({ remoteAddress: host, remotePort: port = 0 }: Socket) {
  return host ? printAddress({ host, port }) : 'an unnamed socket'
}

function explain(error: NodeJS.ErrnoException, address: Address) {
  const { code = '', syscall, message } = error
  const place = printAddress(address)
  if (syscall === 'getaddrinfo') {
    const shown = inspect(place, { breakLength: Infinity })
    return `No address is known for ${shown} (${code})`
  }
  if (/^ERR_(PAPERS|O?SSL)/.test(code)) return message
  if (syscall !== 'listen') return undefined
  const isFile = place.startsWith('unix:')
  const reasons: Record<string, string> = {
    EADDRINUSE: isFile
      ? `${place} is there: stop its server, or remove the file`
      : `${place} is taken: stop the program that has it`,
    EACCES: isFile
      ? `${place}: no such folder, or you may not write there`
      : `${place} needs a privilege: take a port from 1024 on`,
    EADDRNOTAVAIL: `${place} is not on this machine`,
    EINVAL: `${place} is not on this machine`,
  }
  return reasons[code] ?? message
}

const options = readOptions()
if (options) {
  const { address } = options
  const isPort = 'port' in address
  const place = isPort ? `port ${address.port}` : printAddress(address)
  console.log(`Starting server on ${place}`)
  try {
    await startServer(options)
  } catch (error) {
    const reason = explain(error as NodeJS.ErrnoException, address)
    if (!reason) throw error
    console.error(reason)
    process.exitCode = 1
  }
}
