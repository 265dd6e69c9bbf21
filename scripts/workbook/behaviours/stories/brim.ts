import { readFileSync } from 'node:fs'
import { clientEnd, serverEnd, type SocketRow } from '../kernel.ts'
import type { Peer } from '../peer.ts'
import type { Program } from '../program.ts'
import { PORT } from '../setting.ts'

/**
 * Sends to a server as much as the kernels and its program hold of the echo of a client that does not
 * read: the last kilobytes wait in the memory of the program, too few for it to wait for room.
 * @returns false when that did not come about
 */
export async function fillToTheBrim(program: Program, peer: Peer): Promise<boolean> {
  const room = Number(readFileSync('/proc/sys/net/ipv4/tcp_wmem', 'utf8').trim().split(/\s+/)[2]) - MARGIN
  const give = (size: number) => giveUntilRead(program, peer, size)
  let row: SocketRow | undefined
  do row = await give(LARGE)
  while (row && row.unsent < room)
  for (let same = 0, before = 0; row && same < 2;) {
    row = await give(SMALL)
    same = row?.unsent === before ? same + 1 : 0
    before = row?.unsent ?? 0
  }
  return row !== undefined
}

/**
 * Sends so many bytes, and waits until the program has read them.
 * @returns the server's end of the connection; undefined when that did not come about
 */
export async function giveUntilRead(program: Program, peer: Peer, size: number): Promise<SocketRow | undefined> {
  await peer.send(Buffer.alloc(size, 'x'))
  let row: SocketRow | undefined
  const taken = await until(() => {
    row = serverEnd(PORT, peer.port)
    return !program.running || (row?.unread === 0 && clientEnd(PORT, peer.port)?.unsent === 0)
  })
  return taken && program.running ? row : undefined
}

// In bytes. Node 20 takes 16 KB before it says that it is enough.
const LARGE = 1 << 18
const SMALL = 4096
const MARGIN = 5 << 17

/** Waits until it holds, and says whether it does. */
export async function until(holds: () => boolean, ms = 1500): Promise<boolean> {
  for (const deadline = Date.now() + ms; Date.now() < deadline;) {
    if (holds()) return true
    await new Promise(resolve => setTimeout(resolve, 1))
  }
  return holds()
}
