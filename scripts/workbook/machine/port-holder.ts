import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** The process that listens on a port. */
export interface PortHolder {
  pid: number
  /** Its command line in one line of printable characters. */
  command: string
  /** Frozen by SIGSTOP: it keeps its port, and neither Ctrl-C nor kill reaches it before SIGCONT. */
  stopped: boolean
}

/**
 * Who listens on a TCP port of this machine. Linux: proc(5), /proc/net/tcp gives the socket's inode
 * and /proc/PID/fd the process that has it open; elsewhere lsof(8).
 * @returns undefined when nobody does, or when it cannot be known: another user's process, no lsof
 */
export async function findPortHolder(port: number): Promise<PortHolder | undefined> {
  return portHolderNow(port)
}

/** The same without a promise, for a process that is on its way out. */
export function portHolderNow(port: number): PortHolder | undefined {
  try {
    return process.platform === 'linux' ? fromProc(port) : fromLsof(port)
  } catch {
    return undefined
  }
}

/** The sentence that names a holder and how to stop it. */
export function describeHolder(port: number, { pid, command, stopped }: PortHolder): string {
  const cure = stopped ? `It is frozen. To stop it: kill ${pid}; kill -CONT ${pid}` : `To stop it: kill ${pid}`
  return `Port ${port} is held by process ${pid}: ${command}. ${cure}`
}

const LISTEN_STATE = '0A'

function fromProc(port: number): PortHolder | undefined {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const sockets = new Set<string>()
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const row of readOr(table, '').split('\n')) {
      const [, local, , state, , , , , , inode] = row.trim().split(/\s+/)
      if (local?.endsWith(suffix) && state === LISTEN_STATE) sockets.add(`socket:[${inode}]`)
    }
  }
  if (sockets.size === 0) return undefined
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry)
    if (Number.isInteger(pid) && holdsAny(pid, sockets)) {
      const command = printable(readOr(`/proc/${pid}/cmdline`, '').replaceAll('\0', ' '))
      // The state follows the name in brackets, which may hold anything (proc(5)).
      return { pid, command, stopped: /\) [Tt] [^)]*$/.test(readOr(`/proc/${pid}/stat`, '')) }
    }
  }
  return undefined
}

function holdsAny(pid: number, sockets: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some(fd => sockets.has(readlinkOr(`/proc/${pid}/fd/${fd}`)))
  } catch {
    // The process has ended meanwhile, or it is another user's.
    return false
  }
}

function fromLsof(port: number): PortHolder | undefined {
  const pid = Number(run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t']).split('\n')[0])
  if (!Number.isInteger(pid) || pid <= 0) return undefined
  const ps = (field: string) => printable(run('ps', ['-o', `${field}=`, '-p', String(pid)]))
  return { pid, command: ps('args'), stopped: ps('state').startsWith('T') }
}

function run(command: string, args: string[]): string {
  return execFileSync(command, args, { encoding: 'utf8', timeout: 3000, stdio: ['ignore', 'pipe', 'ignore'] })
}

function readOr(file: string, otherwise: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return otherwise
  }
}

function readlinkOr(file: string): string {
  try {
    return readlinkSync(file)
  } catch {
    return ''
  }
}

// A process chooses its own command line: it must not move the cursor of whoever reads about it.
function printable(text: string): string {
  return text.trim().replace(/[^\x20-\x7e]+/g, '?')
}
