import { firstDifference } from '#workbook/check/client/expect.ts'
import type { Situation } from '#workbook/check/explain/situation.ts'
import { DELIMITER, messagesIn, partAt, shown, toldIn, type Message, type Told } from './messages.ts'

/** The first message that a server has not answered as it should, and what it said instead, if anything. */
export function firstWrong({ peer, received }: Situation): { wanted?: Message, told?: Told } {
  const told = toldIn(received)
  for (const [index, wanted] of messagesIn(peer?.sent ?? Buffer.alloc(0)).entries()) {
    const said = told[index]
    if (said && isLike(said, wanted.body)) continue
    return { wanted, ...said && { told: said } }
  }
  return {}
}

export function isLike(told: Told, body: Buffer): boolean {
  return told.size === body.length && told.shown === shown(body)
}

export function lastLine(received: Buffer): string {
  return received.toString('utf8').trimEnd().split('\r\n').at(-1) ?? ''
}

/** What has not been whole when the client waited for the first time. */
export function cutOf({ peer }: Situation): ReturnType<typeof partAt> {
  const waits = peer?.steps.findIndex(step => 'waitedFor' in step) ?? -1
  if (!peer || waits < 0) return undefined
  const at = peer.steps.slice(0, waits).reduce((sum, step) => sum + ('sent' in step ? step.sent.length : 0), 0)
  return partAt(messagesIn(peer.sent), at)
}

/** Sends one more text to a server that has gone silent, all before being answered well: what does it say first? */
export async function probe(
  { kind, peer, received, expected }: Situation,
): Promise<{ count: string, shown: string } | undefined> {
  if (kind !== 'silence' || !peer?.open || peer.steps.some(step => 'ended' in step)) return undefined
  if (expected && firstDifference(received, expected) < received.length) return undefined
  const before = peer.pending.length
  await peer.send(`text\r\n${PROBE}${DELIMITER}`)
  await peer.anything(PATIENCE)
  const [, count, shown] = /^Message (\d+): \d+ bytes, (.*)\r\n/.exec(peer.pending.toString('utf8', before)) ?? []
  return count === undefined || shown === undefined ? undefined : { count, shown }
}

export const PROBE = 'and one more'
// In milliseconds: a probe waits for an answer that has nothing to wait for any more.
export const PATIENCE = 300
