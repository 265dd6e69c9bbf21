import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** An address and a port of one end of a connection. */
export interface Address {
  host: string
  port: number
}

/** A TCP socket as the kernel keeps it: proc_net_tcp(5). */
export interface SocketRow {
  local: Address
  remote: Address
  state: string
  /** Bytes that the other side has not yet acknowledged. */
  unsent: number
  /** Bytes that have arrived and that the program has not read; of a listening socket, callers in its accept queue. */
  unread: number
  /** 0 while no program has the socket: nobody has accepted it yet. */
  inode: number
}

/** The states that the checker asks for, as include/net/tcp_states.h numbers them. */
export const ESTABLISHED = '01'
export const SYN_SENT = '02'
export const FIN_WAIT_2 = '05'
export const CLOSE_WAIT = '08'
export const LISTEN = '0A'

/** The TCP sockets of this network, those of other programs too. Linux only; elsewhere there are none. */
export function socketTable(): SocketRow[] {
  return TABLES.flatMap(table => rowsIn(table))
}

/** Where a process listens. Linux: its descriptors against the kernel's table; elsewhere lsof(8). */
export function listenersOf(pid: number): Address[] {
  if (process.platform !== 'linux') return fromLsof(pid)
  const inodes = socketsOf(pid)
  // The kernel's table takes milliseconds to read, and whoever waits for a program asks again and again.
  if (inodes.size === 0) return []
  return TABLES.flatMap(table => rowsIn(table, ` ${LISTEN} `))
    .filter(row => row.state === LISTEN && inodes.has(row.inode)).map(row => row.local)
}

/** The two ends of the connection whose client has this port; undefined what cannot be known. */
export function endsOf(serverPort: number, clientPort: number) {
  // The kernel takes a millisecond for each of its tables, and whoever waits asks again and again.
  let server: SocketRow | undefined
  let client: SocketRow | undefined
  for (const table of TABLES) {
    // Of the connections that have ended the table remembers thousands, for a minute.
    const rows = rowsIn(table, `:${clientPort.toString(16).toUpperCase().padStart(4, '0')} `)
    server ??= rows.find(({ local, remote }) => local.port === serverPort && remote.port === clientPort)
    client ??= rows.find(({ local, remote }) => local.port === clientPort && remote.port === serverPort)
    if (server && client) break
  }
  return { server, client }
}

/** The server's end of it. */
export function serverEnd(serverPort: number, clientPort: number): SocketRow | undefined {
  return endsOf(serverPort, clientPort).server
}

/** How many file descriptors a process has open; undefined when it cannot be known. */
export function descriptorsOf(pid: number): number | undefined {
  return namesIn(`/proc/${pid}/fd`)?.length
}

/** The memory of a process that is in use, in bytes; undefined when it cannot be known. */
export function memoryOf(pid: number): number | undefined {
  const pages = Number(readOr(`/proc/${pid}/statm`, '').split(' ')[1])
  return Number.isFinite(pages) ? pages * PAGE : undefined
}

/**
 * The processor time that a process has used, in ticks; undefined when it cannot be known or one of its threads
 * is running now, or would if there were a processor: the first one sleeps while others collect its garbage.
 */
export function idleAt(pid: number): number | undefined {
  const threads = namesIn(`/proc/${pid}/task`) ?? []
  if (threads.some(thread => statOf(`${pid}/task/${thread}`)[0] === 'R')) return undefined
  const fields = statOf(String(pid))
  return fields[0] === 'S' ? Number(fields[11]) + Number(fields[12]) : undefined
}

function statOf(what: string): string[] {
  // The name, in parentheses, may hold blanks.
  return readOr(`/proc/${what}/stat`, '').replace(/^.*\) /, '').split(' ')
}

/** The inodes of the sockets that a process has opened. Its standard streams, often sockets too, were given to it. */
export function socketsOf(pid: number): Set<number> {
  return new Set((namesIn(`/proc/${pid}/fd`) ?? []).filter(fd => Number(fd) > 2).flatMap(fd => {
    const [, inode] = /^socket:\[(\d+)\]$/.exec(linkOr(`/proc/${pid}/fd/${fd}`)) ?? []
    return inode === undefined ? [] : Number(inode)
  }))
}

const TABLES = ['/proc/net/tcp', '/proc/net/tcp6']

/** @param having what a row has in it; whoever knows it saves the reading of all the others */
function rowsIn(table: string, having = ''): SocketRow[] {
  return readOr(table, '').split('\n').slice(1).filter(row => row.includes(having)).flatMap(row => {
    const [, local, remote, state, queues, , , , , inode] = row.trim().split(/\s+/)
    if (!local || !remote || !state || !queues) return []
    const [unsent = '0', unread = '0'] = queues.split(':')
    return {
      local: addressOf(local), remote: addressOf(remote), state, inode: Number(inode),
      unsent: parseInt(unsent, 16), unread: parseInt(unread, 16),
    }
  })
}

// 4096 on x86 and on most ARM; where it is more, memory is under-estimated and nobody is accused.
const PAGE = 4096

function addressOf(text: string): Address {
  const [hex = '', port = '0'] = text.split(':')
  // Each group of eight digits is a 32-bit word in the byte order of the machine.
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap(word => (word.match(/../g) ?? []).reverse().map(byte => parseInt(byte, 16)))
  return { host: bytes.length === 4 ? bytes.join('.') : ipv6(bytes), port: parseInt(port, 16) }
}

function ipv6(bytes: readonly number[]): string {
  if (bytes.slice(0, 10).every(byte => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff) return bytes.slice(12).join('.')
  const words = Array.from({ length: 8 }, (_, index) =>
    ((bytes[2 * index] ?? 0) << 8 | (bytes[2 * index + 1] ?? 0)).toString(16))
  return words.join(':').replace(/(^|:)0(:0)+(:|$)/, '::')
}

function fromLsof(pid: number): Address[] {
  try {
    const printed = execFileSync('lsof', ['-nP', '-a', '-p', String(pid), '-iTCP', '-sTCP:LISTEN', '-Fn'], {
      encoding: 'utf8', timeout: 3000, stdio: ['ignore', 'pipe', 'ignore'],
    })
    return [...printed.matchAll(/^n(.+):(\d+)$/gm)].map(([, host = '', port]) => ({
      host: host === '*' ? '::' : host.replace(/[[\]]/g, ''), port: Number(port),
    }))
  } catch {
    return []
  }
}

function namesIn(folder: string): string[] | undefined {
  try {
    return readdirSync(folder)
  } catch {
    return undefined
  }
}

function readOr(file: string, otherwise: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return otherwise
  }
}

function linkOr(file: string): string {
  try {
    return readlinkSync(file)
  } catch {
    return ''
  }
}
