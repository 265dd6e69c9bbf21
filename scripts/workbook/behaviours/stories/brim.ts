import { readFileSync } from 'node:fs'
import { endsOf, type SocketRow } from '../kernel.ts'
import type { Peer } from '../peer.ts'
import type { Program } from '../program.ts'
import { PORT } from '../setting.ts'
import { until } from '../until.ts'

/** Why a buffer could not be filled exactly. */
export const TOO_BUSY = 'this machine was too busy for it: check again when it is not'

/**
 * Sends to a server as much as the kernels and its program hold of the echo of a client that does not
 * read: the last kilobytes wait in the memory of the program, too few for it to wait for room.
 * @returns false when that did not come about, as with others who need the processor
 */
export async function fillToTheBrim(program: Program, peer: Peer): Promise<boolean> {
  const room = Number(readFileSync('/proc/sys/net/ipv4/tcp_wmem', 'utf8').trim().split(/\s+/)[2]) - MARGIN
  const last = Date.now() + FILLS * peer.patience
  const give = async (size: number) => Date.now() > last ? undefined : await giveUntilRead(program, peer, size)
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
    const { server, client } = endsOf(PORT, peer.port)
    row = server
    return !program.running || (server?.unread === 0 && client?.unsent === 0)
  }, FILLS * peer.patience)
  return taken && program.running ? row : undefined
}

/** How long to go on trying, in milliseconds before patience: a story has to be over in time. */
export const FILLS = 800
// In bytes. Node 20 takes 16 KB before it says that it is enough.
const LARGE = 1 << 18
const SMALL = 4096
const MARGIN = 5 << 17
