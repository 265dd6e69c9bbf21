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
  /** The sizes of its chunks, without the last one, where it came in chunks. */
  chunks?: readonly number[]
  /** The lines behind the last chunk. */
  trailers: readonly string[]
  /** All of it, as it came. */
  bytes: Buffer
}

/** What a client knows of the response that it waits for. */
export interface Asked {
  /** The request was a HEAD: whatever the fields say, nothing follows the head. Or it alone is asked for. */
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
  const start = at + END.length
  if (length === 'chunked') {
    const { body, chunks, trailers, end } = await comes(peer, () =>
      chunkedIn(peer, start), () => breaksOff(peer, start))
    const bytes = Buffer.from(peer.pending.subarray(0, end))
    await peer.receives(bytes)
    return { status, reason, fields, lines, bytes, body, chunks, trailers }
  }
  const whole = start + length
  await comes(peer, () => peer.pending.length >= whole ? true : undefined, () =>
    `Content-Length says ${length}, and ${peer.pending.length - start} bytes have come after the empty line`)
  const bytes = Buffer.from(peer.pending.subarray(0, whole))
  await peer.receives(bytes)
  return { status, reason, fields, lines, bytes, body: bytes.subarray(start), trailers: [] }
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

/** @throws Failure when more has come than belongs to the response */
export function expectNoExcess(peer: Peer, after: Response): void {
  const more = peer.pending
  if (more.length === 0) return
  const received = Buffer.concat([after.bytes, more])
  const length = Number(after.fields.get('content-length') ?? 0)
  const promised = after.chunks ? 'behind the last chunk and its empty line'
    : length === after.body.length && after.fields.has('content-length') ? 'more than Content-Length says'
      : 'behind a head that is all of its answer'
  throw failed(peer, 'differs', `${count(more.length)} ${promised}: ${shown(more.toString('latin1'))}`, { received })
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

/** How many bytes follow the head, or that they come in chunks. */
function lengthOf({ status, fields }: Pick<Response, 'status' | 'fields'>, { head = false }: Asked, peer: Peer): number | 'chunked' {
  const length = fields.get('content-length')
  const coding = fields.get('transfer-encoding')
  if (length !== undefined && !LENGTH_RE.test(length)) {
    throw failed(peer, 'other', `Content-Length should be one number, and is ${shown(length)}`)
  }
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') {
    throw failed(peer, 'other', `the one Transfer-Encoding that was asked for is chunked, and this is ${shown(coding)}`)
  }
  if (length !== undefined && coding !== undefined) {
    throw failed(peer, 'other', 'the response has both a Content-Length and a Transfer-Encoding, and one of the two has to go')
  }
  const bodiless = status < 200 || BODILESS.includes(status)
  if ((status < 200 || status === 204) && (length ?? coding) !== undefined) {
    throw failed(peer, 'other', `a response ${status} has no body, and so must not have the field ${length === undefined ? 'Transfer-Encoding' : 'Content-Length'}`)
  }
  if (head || bodiless) return 0
  if (coding !== undefined) return 'chunked'
  if (length === undefined) throw failed(peer, 'other', 'the response has no Content-Length: a client cannot know where it ends')
  return Number(length)
}

/** A body in chunks, from where it begins to where it ends; undefined while it is not whole. */
function chunkedIn(peer: Peer, start: number): Required<Pick<Response, 'body' | 'chunks' | 'trailers'>> & { end: number } | undefined {
  const all = peer.pending
  const pieces: Buffer[] = []
  for (let at = start; ;) {
    const line = all.indexOf('\r\n', at)
    const size = line < 0 ? '' : all.toString('latin1', at, line)
    const begins = all.toString('latin1', at, at + MOST)
    // What is not a number will not become one.
    if (!(line < 0 ? /^[\da-f]*\r?$|^[\da-f]+[ \t]*;/i : /^[\da-f]{1,12}(?:[ \t]*;|$)/i).test(line < 0 ? begins : size)) {
      throw failed(peer, 'other', `a chunk begins with its size, as a hexadecimal number and CR LF, and here stands ${shown(begins)}`)
    }
    if (line < 0) return undefined
    const length = Number.parseInt(size, 16)
    const data = line + 2
    if (length === 0) {
      const trailers = trailersIn(all, data)
      return trailers && { body: Buffer.concat(pieces), chunks: pieces.map(piece => piece.length), ...trailers }
    }
    const end = data + length
    const behind = all.toString('latin1', end, end + 2)
    if (!'\r\n'.startsWith(behind)) {
      throw failed(peer, 'other', `a chunk whose size is written ${shown(size)} has ${length} bytes and CR LF behind them, and there stands ${shown(all.toString('latin1', end, end + MOST))}`)
    }
    if (behind.length < 2) return undefined
    pieces.push(all.subarray(data, end))
    at = end + 2
  }
}

function trailersIn(all: Buffer, from: number): { trailers: string[], end: number } | undefined {
  const trailers: string[] = []
  for (let at = from; ;) {
    const line = all.indexOf('\r\n', at)
    if (line < 0) return undefined
    if (line === at) return { trailers, end: line + 2 }
    trailers.push(all.toString('latin1', at, line))
    at = line + 2
  }
}

/** What a body in chunks lacks. */
function breaksOff(peer: Peer, start: number): string {
  const come = peer.pending.toString('latin1', start)
  const lastOne = /(?:^|\r\n)0+\r\n(?:[^\r\n]+\r\n)*$/.test(come)
  return lastOne ? 'the last chunk is there, and the empty line behind it is missing'
    : `the body has come in chunks, and the last one, whose size is 0, is missing; ${come === '' ? 'nothing stands behind the head' : `what came ends with ${shown(come.slice(-MOST))}`}`
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
