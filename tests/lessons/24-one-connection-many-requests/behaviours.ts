import type { Behaviour, World } from '#workbook/check/behaviour.ts'
import { Failure, TooBusy } from '#workbook/check/explain/failure.ts'
import type { Peer } from '#workbook/check/client/peer.ts'
import { PORT } from '#workbook/check/setting.ts'
import { CHUNKED, expectStatus, inChunks, LAST_CHUNK, postMore } from '../23-bodies/wire.ts'
import { response } from '../shared/http.ts'
import { sendPiece } from '../shared/piece.ts'
import {
  aCount, aHead, anEcho, answersAll, aPage, aStatus, endsNow, expectSaysClose, expectStays, pageOf, saysClose, short,
  typed,
} from './asked.ts'
import { closesWhenAsked, endsHalf, forOldClients, refusalEnds } from './ends.ts'
import { letsGo, noStall, readsNoMore, waitsBetween } from './time.ts'

export const stays: Behaviour = {
  id: 'stays',
  title: 'after an answer the connection stays, and the next request is answered',
  byHand: run => [run(), `curl -sv http://127.0.0.1:${PORT}/one http://127.0.0.1:${PORT}/two`],
  async story({ serve, connect }) {
    await serve()
    const peer = await connect()
    const hello = Buffer.from('Hello')
    const all = [
      aPage('/one'), aPage('/two'), aHead('/three'), aStatus('/empty'), aStatus('/same'), aCount(hello), anEcho(hello),
      aPage('/last', 'Connection: keep-alive'),
    ]
    // Each when the answer before has come.
    for (const asked of all) await answersAll(peer, [asked])
  },
}

export const inOrder: Behaviour = {
  id: 'in-order',
  title: 'requests that come in one piece are all answered, in their order',
  byHand: run => [run(), typed(short('/one'), short('/two'))],
  async story({ serve, connect, random }) {
    await serve()
    await answersAll(await connect(), [aPage('/one'), aPage('/two')])
    const body = random.bytes(20_000)
    await answersAll(await connect(), [
      aCount(Buffer.from('Hello')), aPage('/one'), anEcho(body), aStatus('/empty'), aPage('/two'), aHead('/three'),
      aPage('/four'), aStatus('/same'), aCount(body), aPage('/five'),
    ])
    await answersAll(await connect(), Array.from({ length: 100 }, (_, index) => aPage(`/number-${index}`)))
  },
}

export const cutAnywhere: Behaviour = {
  id: 'cut-anywhere',
  title: 'two requests may be cut anywhere, or come byte by byte',
  byHand: run => [run(), `(printf '${short('/one')}GET'; sleep 1\n   printf ' /two HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n') \\\n  | nc -N 127.0.0.1 ${PORT}`],
  async story({ serve, connect }) {
    const program = await serve()
    const first = aCount(Buffer.from('Hello'))
    const second = aPage('/two')
    const wire = Buffer.concat([first.wire, second.wire])
    const answered = async (peer: Peer) => {
      await first.answered(peer)
      expectStays(peer, await second.answered(peer))
    }
    let apart = 0
    let cuts = 0
    for (let at = first.wire.length - 8; at < wire.length; at++, cuts++) {
      const peer = await connect()
      if (await sendPiece(program, peer, wire.subarray(0, at))) apart++
      await peer.send(wire.subarray(at))
      await answered(peer)
    }
    const peer = await connect()
    for (let at = 0; at < wire.length; at++) await sendPiece(program, peer, wire.subarray(at, at + 1))
    await answered(peer)
    if (apart < cuts / 2) throw new TooBusy()
  },
}

// A request that hides in a body.
const STOWAWAY = Buffer.from('GET /stowaway HTTP/1.1\r\nHost: 127.0.0.1:12345\r\n\r\n')

export const bodiesSkipped: Behaviour = {
  id: 'bodies-skipped',
  title: 'a body, whether it is read or not, is never taken for a request',
  byHand: run => [run(), typed('POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 35\\r\\n\\r\\n', short('/stowaway'))],
  async story(world) {
    await world.serve()
    const ways: readonly (readonly [way: string, fields: string, body: Buffer])[] = [
      ['with a Content-Length', `Content-Length: ${STOWAWAY.length}`, STOWAWAY],
      ['in chunks', CHUNKED, Buffer.concat([inChunks(STOWAWAY, [7]), LAST_CHUNK])],
      ['in chunks with a trailer', CHUNKED, Buffer.concat([inChunks(STOWAWAY, []), Buffer.from('0\r\nX-Trailer: a\r\n\r\n')])],
    ]
    for (const target of ['/', '/count', '/echo']) {
      for (const [way, field, body] of ways) {
        for (const cut of [0, body.length >> 1]) await skips(world, `a POST ${target} ${way}`, postMore(target, field), body, cut)
      }
    }
  },
}

/** Sends a request and another one after it. @param cut after how many bytes of the body a second piece begins */
async function skips({ serve, connect }: World, what: string, head: Buffer, body: Buffer, cut: number): Promise<void> {
  const program = await serve()
  const peer = await connect()
  const next = aPage('/next')
  const wire = Buffer.concat([head, body, next.wire])
  if (cut > 0) await sendPiece(program, peer, wire.subarray(0, head.length + cut))
  await peer.send(wire.subarray(cut > 0 ? head.length + cut : 0))
  const came = await response(peer)
  expectStatus(peer, came, 200, what)
  // It may be too much trouble to find the end of a body that nobody wants.
  if (saysClose(came)) return await endsNow(peer, came)
  const answer = await response(peer)
  if (answer.body.includes('/stowaway')) {
    throw new Failure('other', `the body of ${what} holds the bytes of a request, and they are answered as if they were one`, { peer, received: answer.bytes })
  }
  if (!answer.body.includes('/next')) {
    throw new Failure('other', `after ${what} comes GET /next, and its answer isn't that page`, { peer, received: answer.bytes })
  }
}

export const skipsLittle: Behaviour = {
  id: 'skips-little',
  title: 'a small body that nobody reads is skipped; a gigabyte ends the connection',
  byHand: run => [run(), `curl -sv -H 'Content-Length: 1000000000' -H Expect: -d Hello \\\n  http://127.0.0.1:${PORT}/`],
  async story({ serve, connect, random }) {
    await serve()
    for (const size of [1, 1000, 20_000]) {
      const peer = await connect()
      await peer.send(Buffer.concat([postMore('/', `Content-Length: ${size}`), random.bytes(size), aPage('/next').wire]))
      const came = await response(peer)
      expectStatus(peer, came, 200, `a POST of ${size} bytes to /`)
      expectStays(peer, came)
      await pageOf(peer, '/next')
    }
    const peer = await connect()
    await peer.send(Buffer.concat([postMore('/', 'Content-Length: 1000000000'), random.bytes(1000)]))
    const came = await response(peer)
    expectSaysClose(peer, came, 'the answer to a POST of a GB that nobody reads')
    await endsNow(peer, came)
  },
}

export const uninvited: Behaviour = {
  id: 'uninvited',
  title: 'a body that was never asked for ends the connection, and the answer says so',
  byHand: run => [run(), `curl -sv -H 'Expect: 100-continue' -d Hello \\\n  http://127.0.0.1:${PORT}/ http://127.0.0.1:${PORT}/`],
  async story({ serve, connect }) {
    await serve()
    const peer = await connect()
    await peer.send(postMore('/', `Content-Length: ${STOWAWAY.length}`, 'Expect: 100-continue'))
    const came = await response(peer)
    expectStatus(peer, came, 200, 'a client that asks to send a body to /, which nobody reads,')
    expectSaysClose(peer, came, 'the answer to a client that asked, and that was not told to go on,')
    // Is this the body, or the next request? A server cannot know.
    await peer.send(STOWAWAY).catch(() => {})
    await endsNow(peer, came)
    // Where there is no body, nothing is uncertain.
    await answersAll(await connect(), [aPage('/one', 'Expect: 100-continue'), aPage('/two')])
  },
}

export const unmixed: Behaviour = {
  id: 'unmixed',
  title: 'two connections don\'t mix, and the end of one isn\'t the end of the other',
  byHand: run => [run(), `(printf '${short('/one')}'; sleep 3\n   printf '${short('/two')}') \\\n  | nc -N 127.0.0.1 ${PORT}`, `curl -si -H 'Connection: close' http://127.0.0.1:${PORT}/three`],
  async story({ serve, connect }) {
    const program = await serve()
    const [one, other] = [await connect(), await connect()]
    const last = anEcho(Buffer.from('Hello'), 'Connection: close')
    for (const at of [last.wire.length - 12, 20]) {
      const leaving = await connect()
      await sendPiece(program, leaving, last.wire.subarray(0, at))
      await answersAll(one, [aPage('/one')])
      await sendPiece(program, other, aPage('/other').wire.subarray(0, 30))
      await sendPiece(program, leaving, last.wire.subarray(at))
      const came = await last.answered(leaving)
      expectSaysClose(leaving, came, 'the answer to a request with "Connection: close"')
      await endsNow(leaving, came)
      await answersAll(one, [aPage('/one'), aCount(Buffer.from('Hello'))])
      await other.send(aPage('/other').wire.subarray(30))
      expectStays(other, await pageOf(other, '/other'))
    }
  },
}

/** What begins to hold in lesson 24, in the order in which it is told. */
export const behaviours: readonly Behaviour[] = [
  stays, inOrder, cutAnywhere, bodiesSkipped, skipsLittle, uninvited, closesWhenAsked, forOldClients, refusalEnds,
  endsHalf, unmixed, letsGo, waitsBetween, readsNoMore, noStall,
]
