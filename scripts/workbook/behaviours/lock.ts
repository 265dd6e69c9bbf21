import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Problem } from '../problem.ts'

/**
 * Two checks would fight over the port. Whoever listens at this address is the one that may run; the
 * system gives it back when the process ends, however it ends. On Linux it is an abstract socket
 * (unix(7)): no file, and one for each network, as there is one port 12345 in each.
 */
const ADDRESS = process.platform === 'linux'
  ? '\0port-12345-check'
  : process.platform === 'win32' ? '\\\\.\\pipe\\port-12345-check' : join(tmpdir(), 'port-12345-check.sock')

/**
 * Makes sure that this is the only check.
 * @returns a function that lets the next one run
 * @throws Problem when another one is running
 */
export async function lockChecks(): Promise<() => void> {
  const server = await listen() ?? (await isLeftOver() ? await listen() : undefined)
  if (!server) {
    throw new Problem('another check is running, and both need port 12345', {
      remedy: 'Wait until it has ended, or stop it with Ctrl-C in its terminal.',
    })
  }
  server.unref()
  return () => server.close()
}

async function listen(): Promise<Server | undefined> {
  const server = createServer(conn => conn.destroy()).listen(ADDRESS)
  try {
    await once(server, 'listening')
    return server
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    return undefined
  }
}

// Where the address is a file, it outlives a process that was killed.
async function isLeftOver(): Promise<boolean> {
  if (ADDRESS.startsWith('\0') || process.platform === 'win32') return false
  const socket = connect(ADDRESS)
  const answered = await once(socket, 'connect').then(() => true, () => false)
  socket.destroy()
  if (!answered) rmSync(ADDRESS, { force: true })
  return !answered
}
