import { CLOSE_WAIT, ESTABLISHED, idleAt, serverEnd } from '#workbook/machine/sockets.ts'
import type { Peer } from '#workbook/check/client/peer.ts'
import type { Program } from '#workbook/check/program/program.ts'
import { PORT } from '#workbook/check/setting.ts'

/** Milliseconds without processor time: a server that goes on reading would have used some. */
export const STILL = 50

/**
 * Whether the server has stopped reading from a client that does not read, or has taken everything. It
 * has stopped when bytes wait for it and it uses no processor time meanwhile; where the kernel cannot be
 * asked, after half a second.
 */
export async function standsStill({ pid, output }: Program, peer: Peer): Promise<boolean> {
  if (process.platform !== 'linux') {
    await new Promise(resolve => setTimeout(resolve, 500))
    return true
  }
  const before = idleAt(pid)
  const printed = output.total
  await new Promise(resolve => setTimeout(resolve, STILL))
  // A program that prints more than its pipe holds stands still too: until it is read, and that is now.
  await new Promise(resolve => setTimeout(resolve, 1))
  await new Promise(resolve => setImmediate(resolve))
  if (output.total !== printed) return false
  const row = serverEnd(PORT, peer.port)
  // A table that changes while it is read may lack a row.
  if (!row) return !peer.open
  if (row.state !== ESTABLISHED && row.state !== CLOSE_WAIT) return true
  if (row.state === CLOSE_WAIT && row.unread <= 1) return true
  return row.unread > 0 && before !== undefined && idleAt(pid) === before
}
