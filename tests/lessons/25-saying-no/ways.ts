import { inspect } from 'node:util'
import type { World } from '#workbook/check/behaviour.ts'
import type { Peer } from '#workbook/check/client/peer.ts'
import { Failure } from '#workbook/check/explain/failure.ts'
import { get, getMore, page } from '../22-a-request/page.ts'
import { endsThere, response, type Response } from '../shared/http.ts'

/** One request, as it has to be answered: what it is, its bytes as latin1, and the statuses that will do. */
export type Case = readonly [what: string, request: string, ...statuses: number[]]

/** How a request comes: in which pieces, and behind what. */
interface Way { how: string, pieces: (request: Buffer) => Buffer[], behind?: string }

const WAYS: readonly Way[] = [
  { how: 'in one piece', pieces: request => [request] },
  { how: 'byte by byte', pieces: byteByByte },
  { how: 'cut behind each CR and each LF', pieces: atLineEnds },
  { how: 'behind another request', pieces: request => [Buffer.concat([Buffer.from(getMore('/first')), request])], behind: '/first' },
]

/** What nobody may answer. */
const STOWAWAY = getMore('/stowaway')

/**
 * Sends each request in four ways, another request right behind it, and expects one refusal, which says that the
 * connection is closed, the end of it, and that the next client is served. The first case that fails is told.
 */
export async function refusedAlike(world: World, cases: readonly Case[]): Promise<void> {
  const all = cases.flatMap(one => WAYS.map(way => ({ one, way })))
  await inOrder(all.map(({ one, way }) => named(`${one[0]}, ${way.how}`, async () => {
    const peer = await sent(world, `${one[1]}${STOWAWAY}`, way, true)
    if (way.behind !== undefined) await page(peer)
    const refusal = await response(peer)
    expectOneOf(peer, refusal, one.slice(2) as number[])
    const said = refusal.fields.get('connection')
    if (said?.toLowerCase() !== 'close') {
      throw new Failure('other', `it is refused, and the refusal should say "Connection: close", because nothing behind it can be trusted; it has ${said === undefined ? 'no Connection' : inspect(said)}`, {
        peer, received: refusal.bytes,
      })
    }
    await endsThere(peer, refusal)
  })))
  const next = await world.connect()
  await next.send(get('/'))
  await page(next)
}

/**
 * Sends each request in four ways, and expects an answer that is the same each time, and that the connection goes
 * on behind it.
 */
export async function takenAlike(world: World, cases: readonly Case[]): Promise<Response[]> {
  const answers = await inOrder(cases.flatMap(one => WAYS.map(way => named(`${one[0]}, ${way.how}`, async () => {
    const peer = await sent(world, one[1], way, false)
    if (way.behind !== undefined) await page(peer)
    const came = await response(peer)
    expectOneOf(peer, came, one.slice(2) as number[])
    // Whatever its body was, the next request begins behind it.
    await peer.send(get('/next'))
    const next = await page(peer)
    if (!next.html.includes('/next')) throw new Failure('other', 'the request behind it is misread', { peer, received: next.bytes })
    await endsThere(peer, next)
    return { came, peer }
  }))))
  for (const [index, { came, peer }] of answers.entries()) {
    const first = answers[index - index % WAYS.length]!.came
    if (first.body.equals(came.body)) continue
    const { how } = WAYS[index % WAYS.length]!
    throw new Failure('other', `${cases[Math.floor(index / WAYS.length)]![0]}, ${how}, gets another answer than in one piece`, { peer, received: came.bytes })
  }
  return answers.filter((_, index) => index % WAYS.length === 0).map(({ came }) => came)
}

/** Waits for all of them, and tells of the first that failed, whichever was the first to fail. */
async function inOrder<T>(tries: readonly Promise<T>[]): Promise<T[]> {
  const all = await Promise.allSettled(tries)
  return all.map(one => {
    if (one.status === 'rejected') throw one.reason
    return one.value
  })
}

/** A failure says which case it is, and how it was sent. */
export async function named<T>(what: string, tries: () => Promise<T>): Promise<T> {
  try {
    return await tries()
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    throw new Failure(error.kind, `${what}: ${error.message}`, error.evidence)
  }
}

/** Sends it; what is refused, only until there is an answer, since the rest need not come. */
async function sent({ connect }: World, request: string, { pieces, behind }: Way, refused: boolean): Promise<Peer> {
  const peer = await connect()
  for (const piece of pieces(Buffer.from(request, 'latin1'))) {
    if (refused && behind === undefined && (peer.pending.length > 0 || !peer.open)) break
    await peer.send(piece)
    await new Promise(resolve => setTimeout(resolve, PAUSE))
  }
  return peer
}

export function expectOneOf(peer: Peer, { status, lines, bytes }: Response, statuses: readonly number[]): void {
  if (statuses.includes(status)) return
  throw new Failure('other', `it should be answered with the status ${statuses[0]}, and is with ${inspect(lines[0])}`, { peer, received: bytes })
}

/** What is long comes in pieces of some more bytes. */
function byteByByte(request: Buffer): Buffer[] {
  const size = Math.ceil(request.length / MOST_PIECES)
  const count = Math.ceil(request.length / size)
  return Array.from({ length: count }, (_, index) => request.subarray(index * size, (index + 1) * size))
}

function atLineEnds(request: Buffer): Buffer[] {
  const lines = request.toString('latin1').split(/(?<=[\r\n])/)
  return lines.length > MOST_PIECES ? byteByByte(request) : lines.map(line => Buffer.from(line, 'latin1'))
}

/** The head of a request with a Host and these fields. */
export function head(line: string, ...fields: string[]): string {
  return [line, 'Host: 127.0.0.1:12345', ...fields, '', ''].join('\r\n')
}

/** A body in chunks, with this for its first size. */
export function chunks(size: string, data = 'Hello\r\n', rest = '0\r\n\r\n'): string {
  return `${size}\r\n${data}${rest}`
}

// In milliseconds: what comes later is a piece of its own.
const PAUSE = 2
const MOST_PIECES = 250
