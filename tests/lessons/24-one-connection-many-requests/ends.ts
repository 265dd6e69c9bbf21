import { inspect } from 'node:util'
import type { Behaviour } from '#workbook/check/behaviour.ts'
import type { Peer } from '#workbook/check/client/peer.ts'
import { Failure } from '#workbook/check/explain/failure.ts'
import { PORT } from '#workbook/check/setting.ts'
import { CHUNKED, chunk, expectStatus, LAST_CHUNK, postMore } from '../23-bodies/wire.ts'
import { response } from '../shared/http.ts'
import {
  aCount, aHead, anEcho, answersAll, aPage, aStatus, endsNow, expectSaysClose, expectStays, short, soon, typed,
  type Asked,
} from './asked.ts'

const ASKING = [
  ['Connection: close'], ['Connection: Close'], ['CONNECTION: CLOSE'], ['Connection: keep-alive, close'],
  ['Connection: x-a ,\tclose'], ['Connection: close,x-a'], ['Connection: x-a', 'connection: close'],
]

export const closesWhenAsked: Behaviour = {
  id: 'closes-when-asked',
  title: 'Connection: close from a client: its answer says so too, and is the last',
  byHand: run => [run(), `curl -sv -H 'Connection: close' \\\n  http://127.0.0.1:${PORT}/one http://127.0.0.1:${PORT}/two`],
  async story({ serve, connect }) {
    await serve()
    for (const fields of ASKING) await expectLast(await connect(), aPage('/last', ...fields), fields)
    const close = ['Connection: close']
    const hello = Buffer.from('Hello')
    for (const asked of [aHead('/last', ...close), aStatus('/empty', ...close), aCount(hello, ...close), anEcho(hello, ...close)]) {
      await expectLast(await connect(), asked, close)
    }
    // It is the name of an option, and not a part of one.
    for (const other of ['x-close', 'closed', 'keep-alive']) await answersAll(await connect(), [aPage('/one', `Connection: ${other}`), aPage('/two')])
  },
}

/** Sends a request that asks for the end, and another one after it. */
async function expectLast(peer: Peer, asked: Asked, fields: readonly string[]): Promise<void> {
  await answersAll(peer, [aPage('/first')])
  const behind = aPage('/behind')
  await peer.send(Buffer.concat([asked.wire, behind.wire]))
  const came = await asked.answered(peer)
  const what = `a request with ${fields.map(field => inspect(field)).join(' and ')}`
  if (peer.open && peer.pending.length === 0) await peer.anything(SOON)
  if (peer.pending.length > 0) {
    throw new Failure('other', `${what} is answered, and then the next request on the same connection is as well`, { peer, received: came.bytes })
  }
  expectSaysClose(peer, came, `the answer to ${what}`)
  await endsNow(peer, came)
}

// In milliseconds: what is there already is answered at once.
const SOON = 1000

export const forOldClients: Behaviour = {
  id: 'for-old-clients',
  title: 'an answer to HTTP/1.0 has no chunks, and the connection ends after it',
  byHand: run => [run(), `curl -si -0 -d Hello http://127.0.0.1:${PORT}/echo`],
  async story({ serve, connect, random }) {
    await serve()
    const large = random.bytes(300_000)
    const head = (target: string, body: Buffer) => Buffer.from(`POST ${target} HTTP/1.0\r\nContent-Length: ${body.length}\r\n\r\n`)
    const hello = Buffer.from('Hello')
    const asks: readonly (readonly [what: string, wire: Buffer, body?: Buffer])[] = [
      ['GET / with HTTP/1.0', Buffer.from('GET / HTTP/1.0\r\n\r\n')],
      ['POST /count with HTTP/1.0', Buffer.concat([head('/count', hello), hello])],
      ['POST /echo with HTTP/1.0', Buffer.concat([head('/echo', hello), hello]), hello],
      ['POST /echo with HTTP/1.0', Buffer.concat([head('/echo', large), large]), large],
    ]
    for (const [what, wire, body] of asks) {
      const peer = await connect()
      await peer.send(wire)
      const received = await peer.answer(soon(peer))
      const at = received.indexOf('\r\n\r\n')
      const lines = received.toString('latin1', 0, Math.max(at, 0)).split('\r\n')
      const evidence = { peer, received }
      if (!/^HTTP\/1\.[01] 200 /.test(lines[0] ?? '')) throw new Failure('other', `${what} should be answered with the status 200, and is with ${inspect(lines[0])}`, evidence)
      if (lines.some(line => /^transfer-encoding:/i.test(line))) {
        throw new Failure('other', `${what} should get a body without chunks, and the answer has a Transfer-Encoding`, evidence)
      }
      if (!lines.some(line => /^connection:[ \t]*close[ \t]*$/i.test(line))) {
        throw new Failure('other', `the answer to ${what} should say "Connection: close", and does not`, evidence)
      }
      if (body && !received.subarray(at + 4).equals(body)) {
        throw new Failure('differs', `${what} should get its body back and the end, and ${received.length - at - 4} bytes come for ${body.length}`, {
          peer, received: received.subarray(at + 4), expected: body,
        })
      }
    }
  },
}

export const refusalEnds: Behaviour = {
  id: 'refusal-ends',
  title: 'after a refusal the connection ends, and nothing more is answered',
  byHand: run => [run(), typed(short('/one'), 'oops\\r\\n\\r\\n', short('/two'))],
  async story({ serve, connect }) {
    await serve()
    const bad = [
      Buffer.from('GET /\r\n\r\n'), Buffer.from('GET / HTTP/1.1\r\nHost: 127.0.0.1:12345\r\nno colon\r\n\r\n'),
      postMore('/count', 'Content-Length: five'), Buffer.concat([postMore('/count', CHUNKED), chunk('Hello', 'x'), LAST_CHUNK]),
    ]
    for (const wire of bad) {
      const peer = await connect()
      const good = aPage('/good')
      await peer.send(Buffer.concat([good.wire, wire, good.wire]))
      expectStays(peer, await good.answered(peer))
      const came = await response(peer)
      if (came.status < 400) throw new Failure('other', `${inspect(wire.toString('latin1'))} should be refused, and is answered with ${inspect(came.lines[0])}`, { peer, received: came.bytes })
      if (peer.open && peer.pending.length === 0) await peer.anything(SOON)
      if (peer.pending.length > 0) throw new Failure('other', 'what comes after a refused request is answered as well, and nobody can know where it begins', { peer, received: Buffer.concat([came.bytes, peer.pending]) })
      expectSaysClose(peer, came, 'a refusal')
      await endsNow(peer, came)
    }
  },
}

export const endsHalf: Behaviour = {
  id: 'ends-half',
  title: 'a client that has ended its side gets all its answers, and then the end',
  byHand: run => [run(), typed(short('/one'), short('/two'))],
  async story({ serve, connect, random }) {
    await serve()
    const all = [aPage('/one'), anEcho(random.bytes(200_000)), aPage('/two')]
    const peer = await connect()
    await peer.send(Buffer.concat(all.map(({ wire }) => wire)))
    peer.end()
    let came = await all[0]!.answered(peer)
    for (const { answered } of all.slice(1)) came = await answered(peer)
    await endsNow(peer, came)
    const calm = await connect()
    await answersAll(calm, [aPage('/one')])
    calm.end()
    const more = await calm.answer(soon(calm))
    if (more.length > 0) throw new Failure('differs', `a client ends its side after an answer, as it may, and gets ${inspect(more.toString('latin1').split('\r\n')[0])}`, { peer: calm, received: more })
    // Half of a body that nobody reads, and no more of it: the answer is there, and there is nothing to refuse.
    const gone = await connect()
    await gone.send(Buffer.concat([postMore('/', 'Content-Length: 1000'), Buffer.from('Hello')]))
    gone.end()
    const page = await response(gone)
    expectStatus(gone, page, 200, 'a POST to / whose body breaks off')
    await endsNow(gone, page)
  },
}
