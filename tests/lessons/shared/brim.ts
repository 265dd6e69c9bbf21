import { readFileSync } from 'node:fs'
import { endsOf, idleAt, type SocketRow } from '#workbook/machine/sockets.ts'
import type { Peer } from '#workbook/check/client/peer.ts'
import type { Program } from '#workbook/check/program/program.ts'
import { PORT } from '#workbook/check/setting.ts'
import { until } from '#workbook/machine/until.ts'

/** The two ends of a connection, as the kernel keeps them. */
interface Ends { server: SocketRow, client: SocketRow }

/**
 * Sends to a server as much as the kernels and its program hold of the echo of a client that does not
 * read: the last kilobytes wait in the memory of the program, too few for it to wait for room.
 * @param peer a client that has not said anything yet
 * @returns false when that did not come about, as with others who need the processor
 */
export async function fillToTheBrim(program: Program, peer: Peer): Promise<boolean> {
  const room = Number(readFileSync('/proc/sys/net/ipv4/tcp_wmem', 'utf8').trim().split(/\s+/)[2]) - MARGIN
  const last = Date.now() + FILLS * peer.patience
  let given = 0
  const give = async (size: number) => {
    given += size
    return Date.now() > last ? undefined : await giveUntilRead(program, peer, size)
  }
  let ends: Ends | undefined
  do ends = await give(LARGE)
  while (ends && ends.server.unsent < room)
  if (!peer.secure) {
    // What it was given, and neither kernel nor we have: the program keeps it.
    const keeps = ({ server, client }: Ends) => given - peer.read - server.unsent - client.unread
    for (; ends; ends = await give(MEDIUM)) {
      if (keeps(ends) <= 0) continue
      // It may have been about to write.
      ends = await endsAtRest(program, peer)
      if (!ends || keeps(ends) > 0) break
    }
    return ends !== undefined
  }
  // With TLS more travels than was given, and nobody says how much.
  for (let same = 0, before = 0; ends && same < 2;) {
    ends = await give(SMALL) && await endsAtRest(program, peer)
    same = ends?.server.unsent === before ? same + 1 : 0
    before = ends?.server.unsent ?? 0
  }
  return ends !== undefined
}

/**
 * Sends so many bytes, and waits until the program has read them.
 * @returns the ends of the connection; it may be about to write what it has read. Undefined when that did not
 * come about
 */
export async function giveUntilRead(program: Program, peer: Peer, size: number): Promise<Ends | undefined> {
  await peer.send(Buffer.alloc(size, 'x'))
  return await endsAtRest(program, peer, ({ server, client }) => server.unread === 0 && client.unsent === 0)
}

/** What has read may be about to write; what sleeps has done so, as far as the kernel takes it. */
async function endsAtRest(
  program: Program, peer: Peer, fits: (ends: Ends) => boolean = () => true,
): Promise<Ends | undefined> {
  let ends: Ends | undefined
  await until(() => {
    if (!program.running) return true
    if (idleAt(program.pid) === undefined) return false
    const { server, client } = endsOf(PORT, peer.port)
    ends = server && client && fits({ server, client }) ? { server, client } : undefined
    return ends !== undefined
  }, FILLS * peer.patience)
  return program.running ? ends : undefined
}

/** How long to go on trying, in milliseconds before patience: a story has to be over in time. */
export const FILLS = 800
// In bytes. Node 20 takes 16 KB before it says that it is enough.
const LARGE = 1 << 18
const MEDIUM = 12_000
const SMALL = 4096
const MARGIN = 5 << 17
