import type { Behaviour } from '#workbook/check/behaviour.ts'
import type { Peer } from '#workbook/check/client/peer.ts'
import { Failure, TooBusy } from '#workbook/check/explain/failure.ts'
import { PORT } from '#workbook/check/setting.ts'
import { getMore } from '../22-a-request/page.ts'
import { fillsUp } from '../23-bodies/flow.ts'
import { CHUNKED, chunk, chunkedAnswer, LAST_CHUNK, postMore } from '../23-bodies/wire.ts'
import { expectNoExcess } from '../shared/http.ts'
import { answersAll, aPage, aStatus, short, type Asked } from './asked.ts'

// Its clock runs so many times as fast: five seconds are 1.25.
const CLOCK = 4
// In milliseconds of that clock.
const AT_LEAST = 4000
const AT_MOST = 8000
const PAUSE = 2000
// In bytes: a body that brings so many at a time is not too slow for a server of lesson 25 either.
const PIECE = 50_000

export const letsGo: Behaviour = {
  id: 'lets-go',
  title: 'a client that asks for nothing more is let go after 5 s, and not before 4',
  alone: true,
  long: true,
  byHand: run => [run(), `time (printf '${short('/one')}' | nc 127.0.0.1 ${PORT})`, `time nc -d 127.0.0.1 ${PORT}`],
  async story({ serve, connect }) {
    await serve({ clock: CLOCK })
    const since = Date.now()
    const silent = await connect()
    const peer = await connect()
    const one = aPage('/one')
    await peer.send(one.wire)
    const came = await one.answered(peer)
    const deadline = Date.now() + AT_MOST * peer.patience / CLOCK
    while (peer.open && Date.now() < deadline) await peer.anything(20)
    const lasted = (Date.now() - since) * CLOCK
    expectNoExcess(peer, came)
    if (peer.open) throw new Failure('stays-open', `a client that asks for nothing more is still connected after ${seconds(lasted)}`, { peer, received: came.bytes })
    if (lasted < AT_LEAST) throw new Failure('other', `a client that asks for nothing more is let go after ${seconds(lasted)}, and may stay for 5`, { peer, received: came.bytes })
    // It says so when the connection broke.
    await peer.answer(0)
    while (silent.open && Date.now() < deadline) await silent.anything(20)
    if (silent.open) throw new Failure('stays-open', `a client that has never asked for anything is still connected after ${seconds((Date.now() - since) * CLOCK)}`, { peer: silent })
  },
}

export const waitsBetween: Behaviour = {
  id: 'waits-between',
  title: 'a client that pauses, between requests or in a body, is not let go',
  alone: true,
  long: true,
  byHand: run => [run(), `(for i in 1 2 3 4; do printf '${short('/again')}'\n   sleep 3; done) | nc -N 127.0.0.1 ${PORT}`],
  async story({ serve, connect }) {
    await serve({ clock: CLOCK })
    const [asking, sending] = [await connect(), await connect()]
    await sending.send(postMore('/echo', CHUNKED))
    const body: string[] = []
    // Twice as long as a client may be idle.
    for (let count = 1; count <= 5; count++) {
      const since = Date.now()
      await answersAll(asking, [aPage(`/page-${count}`)])
      const piece = `${count}`.repeat(PIECE)
      await sending.send(chunk(piece))
      body.push(piece)
      await new Promise(resolve => setTimeout(resolve, PAUSE / CLOCK))
      if ((Date.now() - since) * CLOCK > (PAUSE + AT_LEAST) / 2) throw new TooBusy()
    }
    await answersAll(asking, [aPage('/last')])
    await sending.send(LAST_CHUNK)
    const came = await chunkedAnswer(sending, 'a body that came slowly')
    if (came.body.toString() !== body.join('')) throw new Failure('differs', 'a body that came slowly should come back', { peer: sending, received: came.body, expected: Buffer.from(body.join('')) })
    await answersAll(sending, [aPage('/next')])
  },
}

export const readsNoMore: Behaviour = {
  id: 'reads-no-more',
  title: 'it stops reading requests whose answers are not read, and then answers all',
  alone: true,
  byHand: run => [`${run()} >/dev/null`, `yes $'GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r' | nc 127.0.0.1 ${PORT} | sleep 20`, `ss -tn 'sport = :${PORT}'`],
  async story({ serve, connect }) {
    const program = await serve()
    const peer = await connect()
    peer.pause()
    const block = Buffer.from(getMore('/', `X-Fill: ${'x'.repeat(12_000)}`))
    const given = await fillsUp(program, peer, block)
    peer.end()
    peer.resume()
    const deadline = Date.now() + 2500 * peer.patience
    while (peer.open && Date.now() < deadline) await peer.anything(1000)
    const answers = peer.pending.toString('latin1').split('HTTP/1.1 200 ').length - 1
    const wanted = given / block.length
    if (!peer.open && answers === wanted) return
    if (peer.open && peer.heard > 0) throw new TooBusy()
    throw new Failure(peer.open ? 'silence' : 'closed', `${wanted} requests were sent while no answer was read, and ${answers} answers have come`, { program, peer, received: Buffer.alloc(0) })
  },
}

export const noStall: Behaviour = {
  id: 'no-stall',
  title: 'on a connection that stays, a page comes as soon as it is written',
  platforms: ['linux'],
  byHand: run => [run(), `curl -s -o /dev/null -w '%{time_total}\\n' "http://127.0.0.1:${PORT}/[1-10]"`],
  async story({ serve, connect }) {
    await serve()
    const peer = await connect()
    const pages: number[] = []
    const heads: number[] = []
    for (let count = 0; count < 12; count++) {
      // Of a head alone nothing is held back: it says how fast this machine is now.
      heads.push(await timed(peer, aStatus('/empty')))
      pages.push(await timed(peer, aPage(`/page-${count}`)))
    }
    const slow = pages.filter(ms => ms >= STALL).length
    if (slow <= pages.length / 4) return
    // On a machine that does other things an ACK may come sooner, and an answer later.
    if (slow < pages.length / 2 || Math.max(...heads) > STALL / 2) throw new TooBusy()
    throw new Failure('other', `${slow} of ${pages.length} pages on one connection took ${STALL} ms or more, and a 204 in between ${Math.ceil(Math.max(...heads))} ms at most`, { peer, certain: true })
  },
}

/** How long an answer takes, in milliseconds. */
async function timed(peer: Peer, asked: Asked): Promise<number> {
  const since = performance.now()
  await peer.send(asked.wire)
  await asked.answered(peer)
  return performance.now() - since
}

// In milliseconds: Linux puts off an ACK for 40.
const STALL = 35

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
