import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { connect, isIP, type NetConnectOpts, type Socket } from 'node:net'
import { NcError, strerror } from './error.ts'
import { serviceName, type NcOptions } from './options.ts'
import { relay, type Terminal } from './relay.ts'

/** nc's outcome: its exit code. */
export type ExitCode = 0 | 1

/** Prints a line on standard error. */
export type Say = (line: string) => void

/**
 * Connects to each port in turn and talks to it; with -z it only tries.
 * @returns 0 when at least one could be reached
 */
export async function connectAndTalk(options: NcOptions, terminal: Terminal, say: Say): Promise<ExitCode> {
  if (options.unix) return talkOverPath(options, terminal, say)
  let code: ExitCode = 1
  for (const port of options.ports) {
    const conn = await firstThatAnswers(options, port, say)
    if (!conn) continue
    code = 0
    if (options.scan) conn.destroy()
    else await relay(conn, terminal, options)
  }
  return code
}

async function talkOverPath(options: NcOptions, terminal: Terminal, say: Say): Promise<ExitCode> {
  const path = options.host ?? ''
  try {
    const conn = await opened({ path: abstract(path) }, options.timeout)
    if (options.scan) conn.destroy()
    else await relay(conn, terminal, options)
    return 0
  } catch (error) {
    // Unlike a refused port this is told without -v.
    say(`nc: ${path}: ${strerror(error)}`)
    return 1
  }
}

/** unix(7): on Linux a name that begins with @ is in the abstract namespace, written with a zero byte. */
export function abstract(path: string): string {
  return process.platform === 'linux' && path.startsWith('@') ? `\0${path.slice(1)}` : path
}

async function firstThatAnswers(options: NcOptions, port: number, say: Say): Promise<Socket | undefined> {
  const host = options.host ?? ''
  for (const address of await addressesOf(options, port)) {
    const name = address === host ? host : `${host} (${address})`
    try {
      const conn = await opened({
        host: address, port, localAddress: options.source.address, localPort: options.source.port,
      }, options.timeout)
      if (options.verbose) {
        say(`Connection to ${name} ${port} port [tcp/${serviceName(port, options.numeric)}] succeeded!`)
      }
      return conn
    } catch (error) {
      const { syscall } = error as NodeJS.ErrnoException
      if (syscall === 'bind') throw new NcError(`bind failed: ${strerror(error)}`)
      const what = error instanceof TimedOut ? 'timed out: Operation now in progress' : `failed: ${strerror(error)}`
      if (options.verbose) say(`nc: connect to ${name} port ${port} (tcp) ${what}`)
    }
  }
  return undefined
}

/** Every address of the destination, in the resolver's order. */
async function addressesOf({ host = '', family, numeric }: NcOptions, port: number): Promise<string[]> {
  const failed = (words: string) => new NcError(`getaddrinfo for host "${host}" port ${port}: ${words}`)
  const kind = isIP(host)
  if (kind !== 0 && family !== 0 && kind !== family) throw failed(strerror({ code: 'EAI_ADDRFAMILY' }))
  if (numeric && kind === 0) throw failed(strerror({ code: 'ENOTFOUND' }))
  try {
    const found = await lookup(host, { all: true, family, verbatim: true })
    return found.map(({ address }) => address)
  } catch (error) {
    throw failed(strerror(error))
  }
}

class TimedOut extends Error {}

async function opened(where: NetConnectOpts, seconds: number | undefined): Promise<Socket> {
  const conn = connect({ ...where, allowHalfOpen: true })
  const timer = seconds === undefined ? undefined : setTimeout(() => conn.destroy(new TimedOut()), seconds * 1000)
  try {
    await once(conn, 'connect')
    return conn
  } finally {
    clearTimeout(timer)
  }
}
