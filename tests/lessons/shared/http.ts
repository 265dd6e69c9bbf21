import { inspect, TextDecoder } from 'node:util'
import { Failure, type Evidence, type FailureKind } from '#workbook/check/explain/failure.ts'
import type { Peer } from '#workbook/check/client/peer.ts'
import { DEADLINES } from '#workbook/check/setting.ts'

/** One response of HTTP/1.1, as RFC 9112 has it: nothing that it forbids is taken. */
export interface Response {
  status: number
  reason: string
  /** By their names in lower case; several of one name are joined, as their order was. */
  fields: ReadonlyMap<string, string>
  /** The lines of the head, without their ends. */
  lines: readonly string[]
  body: Buffer
  /** All of it, as it came. */
  bytes: Buffer
}

/** What a client knows of the response that it waits for. */
export interface Asked {
  /** The request was a HEAD: whatever the fields say, nothing follows the head. */
  head?: boolean
}

/**
 * Waits for one whole response and takes it: what follows it is left.
 * @throws Failure when it does not come, or is none
 */
export async function response(peer: Peer, asked: Asked = {}): Promise<Response> {
  const at = await comes(peer, () => {
    const found = peer.pending.indexOf(END)
    return found < 0 ? undefined : found
  }, () => headless(peer))
  const head = peer.pending.subarray(0, at).toString('latin1')
  const { lines, status, reason, fields } = parsedHead(head, peer)
  const length = lengthOf({ status, fields }, asked, peer)
  const whole = at + END.length + length
  await comes(peer, () => peer.pending.length >= whole ? true : undefined, () =>
    `Content-Length says ${length}, and ${peer.pending.length - at - END.length} bytes have come after the empty line`)
  const bytes = Buffer.from(peer.pending.subarray(0, whole))
  await peer.receives(bytes)
  return { status, reason, fields, lines, bytes, body: bytes.subarray(at + END.length) }
}

/**
 * Expects that the other side ends its side, without another byte, and without that this client ends its own.
 * @throws Failure when it does not
 */
export async function endsThere(peer: Peer, after: Response, ms: number = DEADLINES.silence): Promise<void> {
  const since = performance.now()
  const deadline = Date.now() + ms * peer.patience
  while (peer.open && peer.pending.length === 0 && Date.now() < deadline) await peer.anything(100)
  expectNoExcess(peer, after)
  if (peer.open) {
    throw failed(peer, 'stays-open', 'the response is complete, and your server does not end the connection behind it', { received: after.bytes, since })
  }
  // It says so when the connection broke.
  await peer.answer(0)
}

/** @throws Failure when more has come than the length of the response says */
export function expectNoExcess(peer: Peer, after: Response): void {
  const more = peer.pending
  if (more.length === 0) return
  const received = Buffer.concat([after.bytes, more])
  throw failed(peer, 'differs', `${count(more.length)} more than Content-Length says: ${shown(more.toString('latin1'))}`, { received })
}

/** The body of a response as the text that its Content-Type says it is. @throws Failure when it isn't */
export function textOf({ body, fields, bytes: received }: Response, peer: Peer): string {
  const type = fields.get('content-type') ?? ''
  const [, charset] = /;\s*charset="?([^\s";]+)/i.exec(type) ?? []
  if (charset?.toLowerCase() !== 'utf-8') throw failed(peer, 'other', `the Content-Type should end with "; charset=utf-8", and is ${shown(type)}`, { received })
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
  } catch {
    throw failed(peer, 'other', 'the Content-Type says UTF-8, and the body has bytes that aren\'t', { received })
  }
}

const END = '\r\n\r\n'
const TOKEN = /^[!#$%&'*+\-.^_`|~\w]+$/
const STATUS_RE = /^HTTP\/1\.[01] ([1-9]\d\d) ([\t\x20-\x7e\x80-\xff]*)$/
// A tab may stand between words.
const CONTROL_RE = /[\x00-\x08\x0a-\x1f\x7f]/
const LENGTH_RE = /^\d{1,15}$/
const BODILESS = [204, 304]

/** Waits until something has come, while anything comes. */
async function comes<T>(peer: Peer, found: () => T | undefined, missing: () => string): Promise<T> {
  for (;;) {
    const value = found()
    if (value !== undefined) return value
    const since = performance.now()
    const before = peer.pending.length
    if (peer.open) await peer.anything(DEADLINES.silence)
    if (peer.pending.length > before) continue
    if (!peer.open) {
      // It says so when the connection broke.
      await peer.answer(0)
      throw failed(peer, 'closed', before === 0 && peer.pending.length === 0
        ? 'your server has ended the connection without a word' : `your server has ended the connection: ${missing()}`)
    }
    if (before === 0) throw failed(peer, 'silence', 'nothing comes back', { since })
    throw failed(peer, 'silence', `no more comes back: ${missing()}`, { since })
  }
}

function headless({ pending }: Peer): string {
  return `the head of the response has no end, which is an empty line; it begins with ${shown(pending.toString('latin1'))}`
}

function parsedHead(head: string, peer: Peer): Pick<Response, 'lines' | 'status' | 'reason' | 'fields'> {
  const lines = head.split('\r\n')
  const [first = '', ...rest] = lines
  const [, status, reason = ''] = STATUS_RE.exec(first) ?? []
  if (status === undefined) throw failed(peer, 'other', `a response begins with a line such as "HTTP/1.1 200 OK", and this one with ${shown(first)}`)
  const fields = new Map<string, string>()
  for (const line of rest) {
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(colon, 0))
    const value = line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '')
    if (!TOKEN.test(name)) throw failed(peer, 'other', `each line after the status line is a name, a colon and a value, and one is ${shown(line)}`)
    if (CONTROL_RE.test(value)) throw failed(peer, 'other', `a value has a control character in it: ${shown(line)}`)
    const key = name.toLowerCase()
    const before = fields.get(key)
    fields.set(key, before === undefined ? value : `${before}, ${value}`)
  }
  return { lines, status: Number(status), reason, fields }
}

/** How many bytes follow the head. */
function lengthOf({ status, fields }: Pick<Response, 'status' | 'fields'>, { head = false }: Asked, peer: Peer): number {
  const length = fields.get('content-length')
  if (length !== undefined && !LENGTH_RE.test(length)) {
    throw failed(peer, 'other', `Content-Length should be one number, and is ${shown(length)}`)
  }
  if (head || status < 200 || BODILESS.includes(status)) return 0
  if (length === undefined) throw failed(peer, 'other', 'the response has no Content-Length: a client cannot know where it ends')
  return Number(length)
}

function failed(peer: Peer, kind: FailureKind, message: string, evidence: Evidence = {}): Failure {
  return new Failure(kind, message, { peer, ...evidence })
}

/** Escaped, and no longer than a line. */
function shown(text: string): string {
  return inspect(text.length > MOST ? `${text.slice(0, MOST)}…` : text, { breakLength: Infinity })
}

function count(bytes: number): string {
  return `${bytes} byte${bytes === 1 ? ' comes' : 's come'}`
}

const MOST = 60
