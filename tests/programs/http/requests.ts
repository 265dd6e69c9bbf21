import type { Random } from '../../../scripts/workbook/check/client/random.ts'

/** Valid requests for one connection, and what a server should make of them. */
export interface Valid {
  bytes: Buffer
  /** As in Outcome. */
  seen: string[]
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
const TARGETS = ['/', '/a', '/a/b?c=d&e=%20', '/%C3%B1', '/~x;y=z', '/a//b', '/?', '/index.html?']
const FIELDS = [
  'Accept: */*', 'X-Empty:', 'X-Tab:\ta\tb\t', 'Cookie: a=b; c=d', 'X-Bytes: \xf1\xff', 'x-long: ' + 'y'.repeat(300),
  'X-List: a', 'X-List: b', 'User-Agent: fuzz/1.0 (comment)', 'Connection: keep-alive', 'X-Odd!#$%&\'*+-.^_`|~: 1',
]

/** One to three requests, the last of which may ask to close. */
export function validRequests(random: Random): Valid {
  const count = 1 + random.next() % 3
  const parts = Array.from({ length: count }, (_, index) => oneRequest(random, index === count - 1))
  return { bytes: Buffer.concat(parts.map(part => part.bytes)), seen: parts.map(part => part.seen) }
}

function oneRequest(random: Random, isLast: boolean): { bytes: Buffer, seen: string } {
  const one = <T>(list: readonly T[]): T => list[random.next() % list.length]!
  const method = one(METHODS)
  const target = method === 'OPTIONS' && random.next() % 3 === 0 ? '*' : one(TARGETS)
  const needsLength = ['POST', 'PUT', 'PATCH'].includes(method)
  const fields = [`Host: 127.0.0.1:12345`, ...Array.from({ length: random.next() % 4 }, () => one(FIELDS))]
  if (isLast && random.next() % 4 === 0) fields.push('Connection: close')
  const body = random.bytes(one([0, 1, 5, 70, 300]))
  const kind = needsLength ? one(['sized', 'chunked']) : one(['none', 'none', 'none', 'sized', 'chunked'])
  if (kind === 'sized') fields.push(`Content-Length: ${body.length}`)
  if (kind === 'chunked') fields.push(one(['Transfer-Encoding: chunked', 'transfer-encoding: Chunked']))
  // Where a field stands is nothing to go by.
  fields.sort(() => random.next() % 2 === 0 ? 1 : -1)
  const head = Buffer.from(`${method} ${target} HTTP/1.1\r\n${fields.map(field => `${field}\r\n`).join('')}\r\n`, 'latin1')
  const wire = kind === 'none' ? Buffer.alloc(0) : kind === 'sized' ? body : inChunks(random, body)
  const seen = JSON.stringify([method, target, (kind === 'none' ? Buffer.alloc(0) : body).toString('base64')])
  return { bytes: Buffer.concat([head, wire]), seen }
}

function inChunks(random: Random, body: Buffer): Buffer {
  const parts: Buffer[] = []
  for (let at = 0; at < body.length;) {
    const piece = body.subarray(at, at + 1 + random.next() % 100)
    const size = piece.length.toString(16)
    const extension = ['', '', '', ';a', ';a=b', ';a="b c"'][random.next() % 6]!
    parts.push(Buffer.from(`${random.next() % 3 === 0 ? `0${size.toUpperCase()}` : size}${extension}\r\n`), piece, Buffer.from('\r\n'))
    at += piece.length
  }
  const trailers = random.next() % 4 === 0 ? 'X-Sum: 1\r\n' : ''
  return Buffer.concat([...parts, Buffer.from(`0\r\n${trailers}\r\n`)])
}
