import { lookupService } from 'node:dns/promises'
import { once } from 'node:events'
import { existsSync, lstatSync, unlinkSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname } from 'node:path'
import { createServer, type AddressInfo, type ListenOptions, type Server, type Socket } from 'node:net'
import { abstract, type Say } from './connect.ts'
import { NcError, strerror } from './error.ts'
import type { NcOptions } from './options.ts'
import { relay, type Terminal } from './relay.ts'

/**
 * -l: waits for one connection, talks to it and returns; with -k for one after another, for ever.
 * Who connects meanwhile waits, as in the accept queue of a program that does not call accept.
 */
export async function listenAndTalk(options: NcOptions, terminal: Terminal, say: Say): Promise<void> {
  const waiting: Socket[] = []
  let ring = () => {}
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, conn => {
    conn.on('error', () => {})
    waiting.push(conn)
    ring()
  })
  await bind(server, options)
  if (options.verbose) await announce(server, options, say)

  do {
    if (waiting.length === 0) await new Promise<void>(resolve => { ring = resolve })
    const conn = waiting.shift()
    if (!conn) continue
    if (options.verbose) say(`Connection received on ${await peerOf(conn, options)}`)
    // A -w that was given has no effect on a listener (nc(1)), nor on the conversation it has.
    await relay(conn, terminal, { ...options, timeout: undefined })
  } while (options.keep)

  server.close()
  for (const conn of waiting) conn.resetAndDestroy()
}

async function bind(server: Server, options: NcOptions): Promise<void> {
  try {
    server.listen(options.unix ? pathToListenOn(options.host ?? '') : hostToListenOn(options))
    await once(server, 'listening')
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException
    // libuv calls a missing folder EACCES (its uv_pipe_bind says why); nc tells it as the kernel does.
    if (options.unix && code === 'EACCES' && !existsSync(dirname(options.host ?? ''))) throw new NcError(strerror({ errno: -constants.errno.ENOENT }))
    throw new NcError(syscall === 'getaddrinfo' ? `getaddrinfo: ${strerror(error)}` : strerror(error))
  }
}

function hostToListenOn({ host, ports, family }: NcOptions): ListenOptions {
  // OpenBSD's nc would listen on every address of the machine. What a workbook opens is for this machine only.
  return { host: host ?? (family === 6 ? '::1' : '127.0.0.1'), port: ports[0], ipv6Only: family === 6 }
}

function pathToListenOn(path: string): ListenOptions {
  // A socket that an earlier program left behind is in the way; anything else is not ours to remove.
  if (lstatSync(path, { throwIfNoEntry: false })?.isSocket()) unlinkSync(path)
  return { path: abstract(path) }
}

async function announce(server: Server, options: NcOptions, say: Say): Promise<void> {
  if (options.unix) {
    say(`Bound on ${options.host}`)
    say(`Listening on ${options.host}`)
    return
  }
  const { address, port } = server.address() as AddressInfo
  say(`Listening on ${await nameOf(address, port, options)} ${port}`)
}

async function peerOf(conn: Socket, options: NcOptions): Promise<string> {
  if (options.unix) return options.host ?? ''
  const { remoteAddress = '', remotePort = 0 } = conn
  return `${await nameOf(remoteAddress, remotePort, options)} ${remotePort}`
}

async function nameOf(address: string, port: number, { numeric }: NcOptions): Promise<string> {
  if (numeric || address === '0.0.0.0' || address === '::') return address
  try {
    return (await lookupService(address, port)).hostname
  } catch {
    return address
  }
}
