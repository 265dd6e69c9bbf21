import { connect, type Socket } from 'node:net'
import { Failure, TooBusy } from '#workbook/check/explain/failure.ts'
import { memoryOf } from '#workbook/machine/sockets.ts'
import type { Peer } from '#workbook/check/client/peer.ts'
import type { Program } from '#workbook/check/program/program.ts'
import { PORT } from '#workbook/check/setting.ts'
import { standsStill, STILL } from '../shared/still.ts'
import { chunk, CHUNKED, LAST_CHUNK, post } from './wire.ts'

const BLOCK = Buffer.alloc(1 << 16, 'x')
const IN_CHUNK = chunk(BLOCK)
// In milliseconds, before patience.
const ECHOES = 4000
const FILLS = 2500

/**
 * Sends so many bytes to be echoed, some in one large chunk and the rest in small ones, and reads what comes.
 * Nothing of it is kept, which a Peer would do.
 * @param most how much more memory the program may take, in bytes
 * @returns how much it took
 * @throws Failure when it takes more, or the echo is not whole
 */
export async function echoesMuch(program: Program, size: number, most = Infinity): Promise<number> {
  const before = memoryOf(program.pid) ?? 0
  let grown = 0
  const conn = connect(PORT, '127.0.0.1')
  const late = Date.now() + ECHOES * program.patience
  const watch = setInterval(() => {
    grown = Math.max(grown, (memoryOf(program.pid) ?? 0) - before)
    if (grown > most || Date.now() > late) conn.destroy()
  }, 20)
  try {
    const { heard, end } = await both(conn, size)
    if (grown > most) throw new Failure('memory', `while ${mega(size)} are echoed, the memory of your server grows by more than ${mega(most)}`, { program, certain: true })
    if (Date.now() > late) throw new TooBusy()
    if (heard < size || !end.endsWith('\r\n\r\n')) {
      throw new Failure('closed', `of ${mega(size)} that were sent to /echo in chunks, ${mega(heard)} have come back, and then the end`, { program })
    }
    return grown
  } finally {
    clearInterval(watch)
    conn.destroy()
  }
}

async function both(conn: Socket, size: number): Promise<{ heard: number, end: string }> {
  let heard = 0
  let end = ''
  const closed = new Promise<void>(resolve => conn.on('close', () => resolve()))
  conn.on('error', () => {})
  conn.on('data', piece => {
    heard += piece.length
    end = (end + piece.toString('latin1', Math.max(0, piece.length - 8))).slice(-8)
  })
  const write = async (data: Buffer | string) => {
    if (conn.destroyed || conn.write(data)) return
    await new Promise<void>(resolve => {
      conn.once('drain', resolve)
      conn.once('close', resolve)
    })
    conn.removeAllListeners('drain')
  }
  await write(post('/echo', CHUNKED))
  const large = Math.floor(size / 2 / BLOCK.length)
  await write(`${(large * BLOCK.length).toString(16)}\r\n`)
  for (let count = 0; count < large && !conn.destroyed; count++) await write(BLOCK)
  await write('\r\n')
  for (let sent = large * BLOCK.length; sent < size && !conn.destroyed; sent += BLOCK.length) await write(IN_CHUNK)
  await write(LAST_CHUNK)
  await closed
  return { heard, end }
}

/**
 * Sends blocks to a server from which nothing is read, until it reads no more either.
 * @param block chunks of a body, unless given
 * @returns how many bytes of their data it was given
 * @throws Failure when it takes more than the kernel's buffers hold
 */
export async function fillsUp(program: Program, peer: Peer, block = IN_CHUNK): Promise<number> {
  const last = Date.now() + FILLS * peer.patience
  let given = 0
  for (let still = false; !still;) {
    if (given > MOST_TAKEN) throw new Failure('memory', `your server took ${mega(given)} of ${block === IN_CHUNK ? 'a body' : 'requests'} from a client that reads nothing`, { program, peer, certain: true })
    given += block === IN_CHUNK ? BLOCK.length : block.length
    let more = peer.push(block)
    while (!more && !still) {
      if (!program.running) throw new Failure('ended', 'your program ended', { program })
      if (Date.now() > last) throw new TooBusy()
      more = await peer.drained(STILL)
      still = !more && await standsStill(program, peer)
    }
  }
  return given
}

export function mega(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`
}

// Socket buffers on both sides hold some twenty megabytes at most.
const MOST_TAKEN = 64e6
