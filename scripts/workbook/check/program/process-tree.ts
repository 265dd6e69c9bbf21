import { readdirSync, readFileSync } from 'node:fs'

/**
 * The program that was started by way of shells and the like: the first of their descendants that is
 * none.
 * @returns undefined while it is not there yet; elsewhere than on Linux what was started itself
 */
export function programOf(started: number): number | undefined {
  if (process.platform !== 'linux') return started
  for (let pid = started; ;) {
    const words = readOr(`/proc/${pid}/cmdline`)
    if (words === '') return undefined
    if (!ON_THE_WAY_RE.test(words)) return pid
    const [child] = readOr(`/proc/${pid}/task/${pid}/children`).split(' ')
    if (!child) return undefined
    pid = Number(child)
  }
}

/** The process group of a process; undefined when it is gone. */
export function groupOf(pid: number): number | undefined {
  return Number(statusOf(pid)[2]) || undefined
}

/**
 * Whether anybody is left in a process group. What has ended and was not yet taken note of by its parent does nothing
 * any more: an orphan's is the first process of the system, and some take a second.
 */
export function livesIn(group: number): boolean {
  try {
    process.kill(-group, 0)
  } catch {
    return false
  }
  return process.platform !== 'linux' || numbers().some(pid => {
    const status = statusOf(pid)
    const [state = '', , of] = status
    // Until its last thread is gone it has its sockets.
    return Number(of) === group && !('ZX'.includes(state) && Number(status[THREADS]) <= 1)
  })
}

/** Processes that were started with this text in their environment, whatever has become of their group. */
export function markedWith(text: string): number[] {
  if (process.platform !== 'linux') return []
  return numbers().filter(pid => pid !== process.pid && readOr(`/proc/${pid}/environ`).includes(text))
}

function numbers(): number[] {
  return readdirSync('/proc').filter(name => /^\d+$/.test(name)).map(Number)
}

/** What stands in proc_pid_stat(5) behind the name, which may hold blanks: state, parent, group and more. */
function statusOf(pid: number): string[] {
  return readOr(`/proc/${pid}/stat`).replace(/^.*\) /s, '').split(' ')
}

/** Where statusOf() says how many threads there are. */
const THREADS = 17

const ON_THE_WAY_RE = /^(?:[^\0]*\/)?(?:(?:ba|da)?sh|unshare|env|script|stty)\0/

function readOr(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}
