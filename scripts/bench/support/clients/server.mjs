import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'

// What the clients of the bench that start servers themselves have in common.

let running
process.on('SIGTERM', () => {
  if (running) process.kill(-running.pid, 'SIGKILL')
  process.exit(1)
})

/**
 * Starts a server, works with it, and ends it with all that it has started.
 * @param answers resolves with whether it serves already; it is asked until it does
 * @param work gets the process's number
 * @param deadline in milliseconds, for what hangs: a machine that does much else takes minutes for what takes seconds
 */
export async function withServer([file, ...args], answers, work, deadline = 300_000) {
  const child = spawn(file, args, { stdio: 'ignore', detached: true })
  running = child
  const exited = once(child, 'exit')
  const timer = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), deadline)
  try {
    while (!await answers().catch(() => false)) {
      if (child.exitCode !== null) throw new Error(`${args.join(' ')} ended with ${child.exitCode}`)
      await new Promise(resolve => setTimeout(resolve, 5))
    }
    return await work(child.pid)
  } finally {
    clearTimeout(timer)
    process.kill(-child.pid, 'SIGKILL')
    await exited
    running = undefined
  }
}

/** What a work takes, in milliseconds: by the clock, and of the server's processor. */
export async function timed(pid, work) {
  const [begin, before] = [performance.now(), processorTime(pid)]
  await work()
  return { clock: performance.now() - begin, processor: processorTime(pid) - before }
}

/** A connection to a port of this machine that sends at once. */
export async function connected(port) {
  const conn = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(conn, 'connect')
  return conn
}

/** Of all threads of the server, with what the kernel does for it; in milliseconds. Linux only. */
export function processorTime(pid) {
  return readdirSync(`/proc/${pid}/task`)
    .reduce((sum, thread) => sum + Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1e6, 0)
}

/** What a process has resident, in bytes. Linux only. */
export function resident(pid) {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024
}
