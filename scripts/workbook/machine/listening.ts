import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const LISTEN_STATE = '0A'

/**
 * Whether a program listens on a TCP port of this machine, found out without connecting (a connection
 * would show up in the program's own output). Linux: proc(5), /proc/net/tcp; elsewhere netstat.
 */
export async function isListening(port: number): Promise<boolean> {
  if (process.platform === 'linux') {
    const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map(file => readFile(file, 'utf8').catch(() => '')))
    const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
    return tables.join('\n').split('\n').some(row => {
      const [, local, , state] = row.trim().split(/\s+/)
      return local?.endsWith(suffix) === true && state === LISTEN_STATE
    })
  }
  const { stdout } = await promisify(execFile)('netstat', ['-an'], { timeout: 5000, maxBuffer: 1 << 26 })
  return stdout.split('\n').some(row => /LISTEN/.test(row) && new RegExp(`[.:]${port}\\s`).test(row))
}

/**
 * Waits until a program listens on `port`, by asking again and again.
 * @returns false when `ms` are over or `giveUp()` says that it will never come
 */
export async function waitForListening(port: number, ms: number, giveUp = () => false): Promise<boolean> {
  const deadline = Date.now() + ms
  while (!await isListening(port)) {
    if (Date.now() > deadline || giveUp()) return false
    await new Promise(resolve => setTimeout(resolve, POLL_MS))
  }
  return true
}

// Long enough to leave the processor to the program that we wait for.
const POLL_MS = 15
