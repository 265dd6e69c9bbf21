import { endsOf, idleAt } from '#workbook/machine/sockets.ts'
import { until } from '#workbook/machine/until.ts'
import type { Peer } from '#workbook/check/client/peer.ts'
import type { Program } from '#workbook/check/program/program.ts'

/**
 * Sends a piece, and waits until the program has taken it out of the kernel and done with it what it does: what
 * comes next is then a piece of its own.
 * @returns whether that was seen
 */
export async function sendPiece(program: Program, peer: Peer, piece: string | Buffer): Promise<boolean> {
  await peer.send(piece)
  peer.steps.push({ waitedFor: 0 })
  if (process.platform !== 'linux') {
    await new Promise(resolve => setTimeout(resolve, PAUSE))
    return true
  }
  return await until(() => {
    if (!peer.open || !program.running) return true
    const { server, client } = endsOf(peer.called, peer.port)
    return server?.unread === 0 && client?.unsent === 0 && server.inode !== 0 && idleAt(program.pid) !== undefined
  }, IS_READ * peer.patience)
}

// In milliseconds; the second before patience.
const PAUSE = 20
const IS_READ = 500
