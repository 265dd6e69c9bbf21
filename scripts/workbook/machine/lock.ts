import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { Problem } from '../problem.ts'

/**
 * Two checks would fight over the port. Whoever listens at this address is the one that may run; the
 * system gives it back when the process ends, however it ends. On Linux it is an abstract socket
 * (unix(7)): no file, and one for each network, as there is one port 12345 in each.
 */
const ADDRESS = process.platform === 'linux'
  ? '\0port-12345-check'
  : process.platform === 'win32' ? '\\\\.\\pipe\\port-12345-check' : join(tmpdir(), 'port-12345-check.sock')

/** In milliseconds: how long the other check may take to say what it is. */
const PATIENCE = 1000
const ANSWER_RE = /^lesson \d+, process (\d+)$/

/**
 * Makes sure that this is the only check.
 * @param lesson what is checked, for those who come while it runs
 * @returns a function that lets the next one run
 * @throws Problem when another one is running, saying which if it answers
 */
export async function lockChecks(lesson: number): Promise<() => void> {
  const server = await listen(lesson) ?? (await isLeftOver() ? await listen(lesson) : undefined)
  if (!server) {
    const holder = ANSWER_RE.exec(await ask() ?? '')
    throw new Problem(`another check is running${holder ? ` (${holder[0]})` : ''}, and both need port 12345`, {
      remedy: `Wait until it has ended, or stop it with Ctrl-C in its terminal${holder ? `, or here: kill ${holder[1]}` : '.'}`,
    })
  }
  server.unref()
  return () => server.close()
}

async function listen(lesson: number): Promise<Server | undefined> {
  const server = createServer(conn => conn.on('error', () => {}).end(`lesson ${lesson}, process ${process.pid}`)).listen(ADDRESS)
  try {
    await once(server, 'listening')
    return server
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    return undefined
  }
}

/** What the one who has the address says, and nothing of one who is frozen; undefined when nobody is there. */
async function ask(): Promise<string | undefined> {
  const socket = connect(ADDRESS)
  if (!await once(socket, 'connect').then(() => true, () => false)) return undefined
  socket.setTimeout(PATIENCE, () => socket.destroy())
  return await text(socket).catch(() => '')
}

// Where the address is a file, it outlives a process that was killed.
async function isLeftOver(): Promise<boolean> {
  if (ADDRESS.startsWith('\0') || process.platform === 'win32') return false
  const alone = await ask() === undefined
  if (alone) rmSync(ADDRESS, { force: true })
  return alone
}
