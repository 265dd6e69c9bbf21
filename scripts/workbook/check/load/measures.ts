import { readdirSync, readFileSync } from 'node:fs'

/** What one thread has had of the processors since it began, in milliseconds: proc_pid_schedstat(5). */
export interface Share {
  ran: number
  /** In line for a processor. A wait is counted when it is over. */
  waited: number
  /** It runs, waits for a processor, or for a disk: at this moment it has something to do. */
  wants: boolean
}

/** What can be known of this machine. Tests have measures of their own. */
export interface Measures {
  /** A clock that never goes back, in milliseconds. */
  now(): number
  /** The processor time that this process has used, in milliseconds. */
  used(): number
  /** How long this process has stood in line for a processor, in milliseconds; 0 where nobody counts. */
  waited(): number
  /** The threads of all processes that this one has started, by number; none where nobody counts. */
  threads(apart: ReadonlySet<number>): ReadonlyMap<number, Share>
}

/** This machine. Elsewhere than on Linux no share of others is known, and the timer alone decides. */
export const thisMachine: Measures = {
  now: () => performance.now(),
  used() {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1000
  },
  // Of its first thread, which is the one that talks to programs.
  waited: () => Number(readOr('/proc/self/schedstat').split(' ')[1] ?? 0) / 1e6,
  threads(apart) {
    const found = new Map<number, Share>()
    if (process.platform !== 'linux') return found
    for (const pid of childrenOf(process.pid)) if (!apart.has(pid)) addThreads(pid, found)
    return found
  },
}

function addThreads(pid: number, found: Map<number, Share>): void {
  for (const thread of threadsOf(pid)) {
    const [ran, waited] = readOr(`/proc/${pid}/task/${thread}/schedstat`).split(' ')
    if (waited === undefined) continue
    // The name, in parentheses, may hold blanks.
    const [state] = readOr(`/proc/${pid}/task/${thread}/stat`).replace(/^.*\) /, '')
    found.set(Number(thread), { ran: Number(ran) / 1e6, waited: Number(waited) / 1e6, wants: state === 'R' || state === 'D' })
  }
  for (const child of childrenOf(pid)) addThreads(child, found)
}

function childrenOf(pid: number): number[] {
  return readOr(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number)
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
  } catch {
    return []
  }
}

function readOr(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}
