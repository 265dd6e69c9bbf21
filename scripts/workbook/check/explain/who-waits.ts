import { CLOSE_WAIT, serverEnd } from '../../machine/sockets.ts'
import type { Situation } from './situation.ts'

/**
 * Who waits for whom, when nothing more comes. What has happened to the client's bytes is the
 * kernel's knowledge: acknowledged, handed to the program, or still in line.
 * @returns undefined when nobody waits
 */
export function whoWaits({ kind, peer, program, received, expected }: Situation): string | undefined {
  if (!peer?.open || !WAITING.has(kind) || program?.running === false) return undefined
  // Too much came, or enough: that is no silence.
  if (kind === 'differs' && received.length >= (expected?.length ?? 0)) return undefined
  const sent = peer.sent.length
  const ended = peer.steps.some(step => 'ended' in step)
  const client = ended ? 'has ended its side and waits for yours to end' : 'is still open and waits for you'
  const row = serverEnd(peer.called, peer.port)
  // What a client has said in ending its side stands in line as well, and counts as one byte.
  const unread = Math.max(0, (row?.unread ?? 0) - (row?.state === CLOSE_WAIT && ended ? 1 : 0))
  if (row?.inode === 0) {
    return `nobody has accepted the connection: it stands in the kernel's line, with ${bytes(unread)}; the client ${client}`
  }
  // A client that waits to be greeted is nothing to report, and neither is one that was answered.
  if (kind === 'no-line' && (sent === 0 || peer.heard > 0)) return undefined
  if (sent === 0) return `the client has sent nothing; it ${client}`
  if (!row) return `the client has sent ${bytes(sent)}, and ${bytes(received.length)} came back; it ${client}`
  const heard = unread >= sent
    ? `your program has read none of the ${bytes(sent)} that wait for it in the kernel`
    : unread > 0
      ? `your server has received ${sent - unread} of ${bytes(sent)} (${unread} wait in the kernel, unread)`
      : `your server has received ${bytes(sent)}`
  // Who should print is not asked for bytes.
  if (kind === 'no-line') return `${heard.replace('your server has received', 'Node has read for your program')}; the client ${ended ? 'has ended its side' : 'is still open'}`
  const said = received.length === 0 ? 'has sent nothing' : `has sent ${bytes(received.length)}`
  return `${heard} and ${said}; the client ${client}`
}

const WAITING = new Set(['silence', 'stays-open', 'no-line', 'differs'])

function bytes(count: number): string {
  return `${count} byte${count === 1 ? '' : 's'}`
}
