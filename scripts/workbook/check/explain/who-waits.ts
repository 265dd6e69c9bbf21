import { CLOSE_WAIT, endsOf } from '../../machine/sockets.ts'
import type { Situation } from './situation.ts'

/**
 * Who waits for whom, when nothing more comes. Where the client's bytes are is the kernel's knowledge: they wait
 * with the client, or in the line of the server's socket, or Node has read them for the program.
 * @returns undefined when nobody waits
 */
export function whoWaits({ kind, peer, program, received, expected }: Situation): string | undefined {
  if (!peer?.open || !WAITING.has(kind) || program?.running === false) return undefined
  // Too much came, or enough: that is no silence.
  if (kind === 'differs' && received.length >= (expected?.length ?? 0)) return undefined
  const ended = peer.steps.some(step => 'ended' in step)
  const { bytes: sent, left } = peer.given
  const client = ended ? 'has ended its side and waits for yours to end' : 'is still open and waits for you'
  const ends = endsOf(peer.called, peer.port)
  // What a client has said in ending its side stands in line as well, and counts as one byte.
  const unread = Math.max(0, (ends.server?.unread ?? 0) - (ends.server?.state === CLOSE_WAIT && ended ? 1 : 0))
  if (ends.server?.inode === 0) {
    return `nobody has accepted the connection: it stands in the kernel's line, with ${bytes(unread)}; the client ${client}`
  }
  const back = Math.max(peer.heard, received.length)
  // A client that waits to be greeted is nothing to report, and neither is one that was answered.
  if (kind === 'no-line' && (sent === 0 || back > 0)) return undefined
  if (sent === 0) return `the client has sent nothing; it ${client}`
  const read = ends.server && readOf({ sent, waits: left + (ends.client?.unsent ?? 0), unread, secure: peer.secure })
  const heard = read ?? `the client has sent ${bytes(sent)}`
  // A program that should print is not asked for bytes.
  if (kind === 'no-line') return `${heard}; the client ${ended ? 'has ended its side' : 'is still open'}`
  const said = back === 0 ? 'nothing has come back' : `${bytes(back)} ${back === 1 ? 'has' : 'have'} come back`
  return `${heard}, and ${said}; the client ${client}`
}

const WAITING = new Set(['silence', 'stays-open', 'no-line', 'differs'])

/** What Node has read of so many bytes; under TLS other bytes are in the lines than those of the program. */
function readOf(of: { sent: number, waits: number, unread: number, secure: boolean }): string | undefined {
  const { sent, waits, unread, secure } = of
  if (waits + unread === 0) return `Node has read all ${bytes(sent)} that the client has sent`
  if (secure) return unread === 0 ? undefined : `some of the ${bytes(sent)} that the client sends wait in the kernel, unread`
  const read = sent - waits - unread
  const where = [unread > 0 && `${unread} wait in the kernel, unread`, waits > 0 && `${waits} have not left the client`].filter(Boolean).join(', and ')
  return `Node has read ${read > 0 ? read : 'none'} of the ${bytes(sent)} that the client sends (${where})`
}

function bytes(count: number): string {
  return `${count} byte${count === 1 ? '' : 's'}`
}
