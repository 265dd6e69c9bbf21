import { inspect } from 'node:util'
import type { Behaviour, World } from '#workbook/check/behaviour.ts'
import type { Peer } from '#workbook/check/client/peer.ts'
import { Failure, TooBusy } from '#workbook/check/explain/failure.ts'
import type { Program } from '#workbook/check/program/program.ts'
import { PORT } from '#workbook/check/setting.ts'
import { page } from '../22-a-request/page.ts'
import { endsThere, response } from '../shared/http.ts'
import { chunk } from '../23-bodies/wire.ts'
import { head } from './ways.ts'

/** So many times as fast the server's clocks run here. */
const CLOCK = 10
const CHUNKED = 'Transfer-Encoding: chunked'

async function serve({ start }: World): Promise<Program> {
  const program = start('server.ts', [], { clock: CLOCK })
  await program.listening(PORT)
  return program
}

/** In milliseconds of the server's clock. */
const wait = (ms: number) => new Promise(resolve => setTimeout(resolve, ms / CLOCK))

/**
 * Sends one piece after another, with so much time between them, until there is an answer or an end.
 * @returns how long that took, in milliseconds of the server's clock
 */
async function drips(peer: Peer, pieces: readonly (string | Buffer)[], ms: number): Promise<number> {
  const since = Date.now()
  for (const piece of pieces) {
    if (peer.pending.length > 0 || !peer.open) break
    await peer.send(piece)
    await wait(ms)
  }
  return (Date.now() - since) * CLOCK
}

/** Drips for 25 s, and expects that it is told in its tenth second or so that this is too slow. */
async function expectTooSlow(world: World, what: string, begin: string, piece: string): Promise<void> {
  const ms = 1000
  const peer = await world.connect()
  await peer.send(begin)
  const lasted = await drips(peer, Array.from({ length: Math.ceil(25_000 / ms) }, () => piece), ms)
  if (peer.pending.length === 0 && peer.open) {
    throw new Failure('stays-open', `${what}: after ${seconds(lasted)} there is neither an answer nor an end, and 10 s are all it may take`, { peer, certain: true, received: Buffer.alloc(0) })
  }
  const came = await response(peer)
  if (came.status !== 408) throw new Failure('other', `${what}: it should be answered with the status 408, and is with ${inspect(came.lines[0])}`, { peer, received: came.bytes })
  await endsThere(peer, came)
  if (lasted < 8000) throw new Failure('closed', `${what}: it was told so after ${seconds(lasted)}, and it may take 10`, { peer, certain: true, received: came.bytes })
}

export const endsSlowHeads: Behaviour = {
  id: 'ends-slow-heads',
  title: 'a head that isn\'t whole after 10 s gets 408, however steadily bytes come',
  alone: true,
  byHand: run => [run(), `(printf 'GET / HTTP/1.1\\r\\nHost: a\\r\\nX-A: '\n while sleep 1; do printf x; done) | nc 127.0.0.1 ${PORT}`],
  async story(world) {
    await serve(world)
    const [line, field] = ['GET /', 'GET / HTTP/1.1\r\nHost: a\r\nX-A: ']
    await Promise.all([
      expectTooSlow(world, 'a request line, a byte each second', line, 'x'),
      expectTooSlow(world, 'a field, a byte each second', field, 'x'),
      expectTooSlow(world, 'a field a second', field, 'x\r\nX-A: '),
      expectTooSlow(world, 'half a head, and then silence', field, ''),
      (async () => {
        // Behind a request that was answered, the next one has its own ten seconds.
        const peer = await world.connect()
        await peer.send(head('GET /first HTTP/1.1'))
        await page(peer)
        await peer.send(field)
        const lasted = await drips(peer, Array.from({ length: 25 }, () => 'x'), 1000)
        if (peer.pending.length > 0) return await response(peer)
        throw new Failure('stays-open', `a second request, a byte each second: after ${seconds(lasted)} there is neither an answer nor an end, and 10 s are all it may take`, { peer, certain: true, received: Buffer.alloc(0) })
      })(),
    ])
  },
}

export const waitsForHeads: Behaviour = {
  id: 'waits-for-heads',
  title: 'a head that takes six seconds is served, and so is the next one',
  alone: true,
  byHand: run => [run(), `(printf 'GET / HTTP/1.1\\r\\nHo'; sleep 3; printf 'st: a\\r\\n'\n sleep 3; printf '\\r\\n') | nc -N 127.0.0.1 ${PORT}`],
  async story(world) {
    await serve(world)
    const peer = await world.connect()
    for (let count = 0; count < 2; count++) {
      const lasted = await drips(peer, ['GET / HTTP/1.1\r\nHo', 'st: a\r\n'], 3000)
      const early = peer.pending.length > 0 || !peer.open
      if (lasted > 8500) throw new TooBusy()
      if (early) throw new Failure('closed', `a head that comes slowly has ${seconds(lasted)} behind it, and your server has given up: it may take 10`, { peer, certain: true })
      await peer.send('\r\n')
      await page(peer)
    }
  },
}

/** A body that is stuck, dripped, or slow and honest; to /count, which answers at its end. */
const post = (length: number) => head('POST /count HTTP/1.1', `Content-Length: ${length}`)

export const endsSlowBodies: Behaviour = {
  id: 'ends-slow-bodies',
  title: 'a body that comes byte by byte, or stops, gets 408 after 10 s or so',
  alone: true,
  byHand: run => [run(), `(printf 'POST /count HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 99\\r\\n\\r\\n'\n while sleep 1; do printf x; done) | nc 127.0.0.1 ${PORT}`],
  async story(world) {
    await serve(world)
    await Promise.all([
      expectTooSlow(world, 'a body, a byte each second', post(1000), 'x'),
      expectTooSlow(world, 'a body that stops', `${post(1000)}xxx`, ''),
      expectTooSlow(world, 'a chunk of a byte each second', head('POST /count HTTP/1.1', CHUNKED), '1\r\nx\r\n'),
      expectTooSlow(world, 'a trailer each second', `${head('POST /count HTTP/1.1', CHUNKED)}0\r\n`, 'X-A: b\r\n'),
      (async () => {
        // It has its answer, and the rest of its body is only waited for because another request may follow.
        const peer = await world.connect()
        await peer.send(`${head('POST / HTTP/1.1', 'Content-Length: 1000')}xxx`)
        const { bytes } = await page(peer)
        const since = Date.now()
        while (peer.open && (Date.now() - since) * CLOCK < 25_000) await peer.anything(50)
        if (peer.open) throw new Failure('stays-open', 'half of a body has come that nobody reads, its answer is out, and after 25 s your server still waits for the rest', { peer, certain: true, received: bytes })
      })(),
    ])
  },
}

export const waitsForBodies: Behaviour = {
  id: 'waits-for-bodies',
  title: 'a body that takes 20 s at 30 kB a second is counted to its end',
  alone: true,
  byHand: run => [run(), `head -c 600000 /dev/zero | curl --limit-rate 30k \\\n  --data-binary @- http://127.0.0.1:${PORT}/count`],
  async story(world) {
    await serve(world)
    const peer = await world.connect()
    const piece = Buffer.alloc(30_000, 'x')
    await peer.send(post(20 * piece.length))
    let slowest = 0
    for (let count = 0; count < 20 && peer.pending.length === 0 && peer.open; count++) {
      slowest = Math.max(slowest, await drips(peer, [piece], 1000))
    }
    if (slowest > 5000) throw new TooBusy()
    const came = await response(peer)
    if (came.status === 200) return
    throw new Failure('other', `a body comes with 30 kB each second, and is not counted to its end: it is answered with ${inspect(came.lines[0])}`, { peer, received: came.bytes })
  },
}

export const ownTimeIsFree: Behaviour = {
  id: 'own-time-is-free',
  title: 'a client that reads its echo late isn\'t taken for one that sends slowly',
  alone: true,
  byHand: run => [run(), `head -c 50000000 /dev/zero \\\n  | curl -sT - -X POST http://127.0.0.1:${PORT}/echo | (sleep 25; wc -c)`],
  async story(world) {
    await serve(world)
    const peer = await world.connect()
    peer.pause()
    await peer.send(head('POST /echo HTTP/1.1', CHUNKED))
    const data = chunk(BLOCK)
    let given = 0
    // More than the buffers of both kernels hold, and it waits in the client.
    for (; given < MANY; given++) peer.push(data)
    peer.push(Buffer.from('0\r\n\r\n'))
    await wait(25_000)
    peer.resume()
    const late = Date.now() + 2500 * peer.patience
    let stalled = 0
    for (let at = Date.now(); peer.open && at < late && !ends(peer, given * BLOCK.length);) {
      await peer.anything(500)
      stalled = Math.max(stalled, Date.now() - at)
      at = Date.now()
    }
    if (ends(peer, given * BLOCK.length)) return
    // What this client could not send, for want of a processor, it may have been blamed for.
    if (peer.open || stalled > 300) throw new TooBusy()
    throw new Failure('other', `a client sent ${Math.round(given * data.length / 1e6)} MB to /echo and read nothing for 25 s, in which your server could not read either: it was cut off`, { peer, received: Buffer.alloc(0) })
  },
}

// Twenty-five megabytes.
const MANY = 400
const BLOCK = Buffer.alloc(1 << 16, 'x')

/** Whether so many bytes of data have come back, and the last chunk. */
function ends(peer: Peer, size: number): boolean {
  return peer.heard > size && peer.pending.subarray(-7).toString('latin1') === '\r\n0\r\n\r\n'
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
