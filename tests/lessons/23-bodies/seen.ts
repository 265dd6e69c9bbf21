import type { Situation } from '#workbook/check/explain/situation.ts'

/** What can be made out of a body that may be wrong, or not whole. */
export interface Seen {
  /** What stands behind the head. */
  raw: Buffer
  /** The data of its chunks; or what its Content-Length says. */
  body: Buffer
  /** The first size as it is written. */
  size: string
  /** What stands behind the first size. */
  data: Buffer
  /** What stands behind the last of its chunks that have data. */
  rest: Buffer
}

/** The body of a message, however wrong it is; where it has no head, all of it is one. */
export function seenIn(message: Buffer): Seen {
  const end = message.indexOf('\r\n\r\n')
  const head = message.toString('latin1', 0, Math.max(end, 0))
  const raw = message.subarray(end < 0 ? 0 : end + 4)
  const size = /^[^\r\n]*/.exec(raw.toString('latin1', 0, 60))?.[0] ?? ''
  const isChunked = /^transfer-encoding: *chunked *$/im.test(head)
  const data = raw.subarray(size.length + 2)
  return { raw, size, data, ...isChunked ? dataOf(raw) : { body: raw, rest: raw.subarray(raw.length) } }
}

/** What the client of a failed story has sent as a body. */
export function sentBody({ peer }: Situation): Seen {
  return seenIn(peer?.sent ?? Buffer.alloc(0))
}

/** Whether an answer began with this status, where the story wanted another one. */
export function isAnswered({ reason }: Situation, status: number): boolean {
  return new RegExp(`and is with 'HTTP/1\\.1 ${status} `).test(reason)
}

/** Whether the body of a response has broken off, after these data. */
export function breaksOffAfter({ reason, received }: Situation): Buffer | undefined {
  return reason.includes('the last one, whose size is 0, is missing') ? seenIn(received).body : undefined
}

function dataOf(raw: Buffer): Pick<Seen, 'body' | 'rest'> {
  const pieces: Buffer[] = []
  for (let at = 0; ;) {
    const line = raw.indexOf('\r\n', at)
    const length = line < 0 ? 0 : Number.parseInt(raw.toString('latin1', at, line), 16)
    if (!(length > 0)) return { body: Buffer.concat(pieces), rest: raw.subarray(at) }
    pieces.push(raw.subarray(line + 2, line + 2 + length))
    at = line + 2 + length + 2
  }
}
