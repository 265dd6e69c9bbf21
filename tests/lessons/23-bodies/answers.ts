import { inspect } from 'node:util'
import type { Behaviour } from '#workbook/check/behaviour.ts'
import { Failure, TooBusy } from '#workbook/check/explain/failure.ts'
import { PORT } from '#workbook/check/setting.ts'
import { asksFor, get } from '../22-a-request/page.ts'
import { endsThere, expectNoExcess, response } from '../shared/http.ts'
import { sendPiece } from '../shared/piece.ts'
import { seenIn } from './seen.ts'
import {
  chunk, CHUNKED, chunkedAnswer, chunkedPost, COUNT, ECHO, echoes, expectBody, expectEcho, expectMeanwhile,
  expectStatus, LAST_CHUNK, post, sizedPost, typed,
} from './wire.ts'

export const continues: Behaviour = {
  id: 'continues',
  title: 'a client that asks with Expect: 100-continue is told to go on, once',
  byHand: run => [run(), `curl -v -H 'Expect: 100-continue' -d Hello ${ECHO}\ncurl -v -H 'Expect: 100-continue' -d Hello ${COUNT}`],
  async story(world) {
    await world.serve()
    const asks = ['Content-Length: 5', 'Expect: 100-continue']
    for (const [target, fields] of [['/count', asks], ['/echo', asks], ['/echo', [CHUNKED, 'expect: 100-Continue']]] as const) {
      const peer = await world.connect()
      const head = post(target, ...fields)
      await peer.send(head)
      // Of what should be an interim response and is another, the head is enough to see.
      const goOn = await response(peer, { head: true })
      expectStatus(peer, goOn, 100, `a client that asks whether it may send a body to ${target}`)
      await peer.send(fields === asks ? 'Hello' : Buffer.concat([chunk('Hello'), LAST_CHUNK]))
      if (target === '/echo') {
        await expectEcho(peer, Buffer.from('Hello'), 'a body after 100 Continue')
        continue
      }
      const came = await response(peer)
      expectStatus(peer, came, 200, 'a body after 100 Continue')
      await endsThere(peer, came)
    }
    // A client that has not asked does not know what to do with the answer.
    await echoes(world, sizedPost('/echo', Buffer.from('Hello')), Buffer.from('Hello'), 'a body without an Expect')
  },
}

export const asksForNothing: Behaviour = {
  id: 'asks-for-nothing',
  title: 'a body that is not read is not asked for: the answer comes, and no 100',
  byHand: run => [run(), `curl -v -H 'Expect: 100-continue' -d Hello http://127.0.0.1:${PORT}/`],
  async story(world) {
    await world.serve()
    const asks = Buffer.from(get('/', 'Content-Length: 5', 'Expect: 100-continue').replace('GET', 'POST'))
    const peer = await world.connect()
    await peer.send(asks)
    const came = await response(peer)
    expectStatus(peer, came, 200, 'a client that asks to send a body to /, which nobody reads,')
    await endsThere(peer, came)
    const bad = await world.connect()
    await bad.send(post('/count', 'Content-Length: five', 'Expect: 100-continue'))
    const refusal = await response(bad)
    expectStatus(bad, refusal, 400, 'a length of "five" with an Expect')
    await endsThere(bad, refusal)
    const short = Buffer.from('Hello')
    await echoes(world, sizedPost('/echo', short), short, 'a body of 5 bytes')
  },
}

export const unread: Behaviour = {
  id: 'unread',
  title: 'a body of 20 MB that nobody reads does not keep its answer from the client',
  byHand: run => [run(), run('deaf.ts')],
  async story({ serve, connect }) {
    await serve()
    const peer = await connect()
    // A client that says all it has to say, and only then listens.
    peer.pause()
    await peer.send(post('/', `Content-Length: ${UNREAD}`))
    const since = Date.now()
    const block = Buffer.alloc(1 << 20, 'x')
    let left = UNREAD
    for (; left > 0 && Date.now() - since < LINGERS; left -= block.length) {
      if (!peer.push(block) && !await peer.drained(LINGERS)) break
    }
    const stuck = left > 0 || !await peer.drained(LINGERS)
    // Others may have had the processor for the second for which the server reads on.
    if (stuck && peer.given.left === 0) throw new TooBusy()
    if (stuck) {
      throw new Failure('other', `your server has answered a POST of ${UNREAD / (1 << 20)} MB, and does not read on: ${Math.round((peer.given.bytes - peer.given.left) / (1 << 20))} MB have left the client, and the rest is stuck`, {
        peer, certain: false, received: Buffer.alloc(0),
      })
    }
    peer.resume()
    const came = await response(peer)
    expectStatus(peer, came, 200, 'a POST whose body nobody reads')
    expectNoExcess(peer, came)
  },
}

const UNREAD = 20 << 20
const LINGERS = 800

export const heads: Behaviour = {
  id: 'heads',
  title: 'HEAD gets the head that GET gets, the length too, and nothing behind it',
  byHand: run => [run(), `curl -I http://127.0.0.1:${PORT}/\ncurl -s -D - -o /dev/null http://127.0.0.1:${PORT}/`],
  async story(world) {
    await world.serve()
    for (const target of ['/', `/${world.random.word()}`]) {
      const { lines } = await asksFor(world, get(target))
      const peer = await world.connect()
      await peer.send(get(target).replace('GET', 'HEAD'))
      const came = await response(peer, { head: true })
      await endsThere(peer, came)
      const [said, wanted] = [came.lines, lines].map(all => all.filter(line => !/^date:/i.test(line)).sort())
      const other = said?.find(line => !wanted?.includes(line)) ?? wanted?.find(line => !said?.includes(line))
      if (other !== undefined) {
        const isMissing = !said?.includes(other)
        throw new Failure('other', `the head for a HEAD should be the one that a GET gets, and ${inspect(other)} ${isMissing ? 'is missing' : `is in it, where GET gets ${inspect(wanted?.find(line => line.split(':')[0] === other.split(':')[0]))}`}`, {
          peer, received: came.bytes,
        })
      }
    }
  },
}

export const bodiless: Behaviour = {
  id: 'bodiless',
  title: 'GET /empty gets 204 and GET /same 304, a head and nothing else',
  byHand: run => [run(), `curl -i http://127.0.0.1:${PORT}/empty\ncurl -i http://127.0.0.1:${PORT}/same`],
  async story(world) {
    await world.serve()
    for (const [target, status] of [['/empty', 204], ['/same', 304]] as const) {
      const peer = await world.connect()
      await peer.send(get(target))
      const came = await response(peer)
      expectStatus(peer, came, status, `GET ${target}`)
      await endsThere(peer, came)
    }
  },
}

export const refusesBadSizes: Behaviour = {
  id: 'refuses-bad-sizes',
  title: 'a length or a chunk\'s size that is no number gets 400, and the next is served',
  byHand: run => [run(), `curl -i -H 'Content-Length: 5x' -d Hello ${COUNT}\n${typed('/count', '5x\\r\\nHello\\r\\n0\\r\\n\\r\\n')}`],
  async story(world) {
    await world.serve()
    for (const [what, request] of BAD) {
      const peer = await world.connect()
      await peer.send(request)
      const came = await response(peer)
      // From lesson 25 on, an unknown coding may have a status of its own.
      if (came.status !== 501 || !what.includes('Transfer-Encoding')) expectStatus(peer, came, 400, what)
      await endsThere(peer, came)
    }
    const hello = Buffer.from('Hello')
    await echoes(world, chunkedPost('/echo', hello, []), hello, 'a body in one chunk, of 5 bytes,')
  },
}

const BAD: readonly (readonly [what: string, request: Buffer])[] = [
  ...['5x', '-5', 'five', '0x5', '5, 6'].map(length =>
    [`a Content-Length of "${length}"`, Buffer.concat([post('/count', `Content-Length: ${length}`), Buffer.from('Hello')])] as const),
  ...['5x', '-5', 'x', '0x5', '', ' '].map(size =>
    [`a chunk whose size is written "${size}"`, Buffer.concat([post('/count', CHUNKED), chunk('Hello', size), LAST_CHUNK])] as const),
  ['a chunk with other bytes behind it than CR LF', Buffer.concat([post('/count', CHUNKED), Buffer.from('5\r\nHello, 0\r\n\r\n')])],
  ['a Transfer-Encoding of "gzip"', Buffer.concat([post('/count', 'Transfer-Encoding: gzip'), Buffer.from('Hello')])],
]

export const earlyEnds: Behaviour = {
  id: 'early-ends',
  title: 'a body that breaks off gets 400, or an echo that is plainly not whole',
  byHand: run => [run(), ['/count', '/echo'].map(target =>
    `printf %b 'POST ${target} HTTP/1.1\\r\\nHost: a\\r\\n' \\\n  'Content-Length: 10\\r\\n\\r\\nHello' | nc -N 127.0.0.1 ${PORT}`).join('\n')],
  async story(world) {
    const program = await world.serve()
    const halves = [
      [CHUNKED, Buffer.from('a\r\nHello')], ['Content-Length: 10', Buffer.from('Hello')], [CHUNKED, chunk('Hello')],
    ] as const
    for (const [field, half] of halves) {
      const peer = await world.connect()
      await peer.send(Buffer.concat([post('/count', field), half]))
      peer.end()
      const came = await response(peer)
      expectStatus(peer, came, 400, 'a body that breaks off')
      await endsThere(peer, came)
    }
    // The head and a part of the body are out, and there is only one way left to say that it is not whole.
    const bad = [CHUNKED, Buffer.concat([chunk('Hello'), Buffer.from('oops\r\n')])] as const
    for (const [field, half] of [...halves, bad]) {
      const peer = await world.connect()
      await peer.send(Buffer.concat([post('/echo', field), half]))
      await expectMeanwhile(peer, 'Hello', 'half of a body has been sent to /echo, and does not come back')
      if (field !== bad[0] || half !== bad[1]) peer.end()
      const received = await peer.answer(1500)
      const { body, rest } = seenIn(received)
      if (body.toString() === 'Hello' && rest.length === 0) continue
      throw new Failure('differs', `half of a body has come and been sent back: behind it the connection should end, without a last chunk, and there comes ${inspect(rest.toString('latin1', 0, 60))}`, {
        peer, received,
      })
    }
    const rude = await world.connect()
    await sendPiece(program, rude, Buffer.concat([post('/echo', CHUNKED), chunk('Hello')]))
    rude.reset()
    const hello = Buffer.from('Hello')
    await echoes(world, chunkedPost('/echo', hello, []), hello, 'a body in one chunk, of 5 bytes,')
    if (!program.running) throw new Failure('ended', 'your program ended', { program })
  },
}

export const sideBySide: Behaviour = {
  id: 'uploads-side-by-side',
  title: 'two uploads at once, a chunk of each in turn, are two bodies',
  byHand: run => [run(), ...['a', 'b'].map(word =>
    `(for i in 1 2 3 4; do echo ${word}; sleep 1; done) \\\n  | curl -sN -T . -X POST ${ECHO}`)],
  async story(world) {
    const program = await world.serve()
    const uploads = await Promise.all(['one', 'three'].map(async word => ({ word, peer: await world.connect() })))
    const parts = [1, 2, 3, 4]
    for (const { peer } of uploads) await sendPiece(program, peer, post('/echo', CHUNKED))
    for (const part of parts) {
      const chunks = uploads.map(({ word, peer }) => ({ peer, wire: chunk(`${word} ${part}\n`) }))
      for (const { peer, wire } of chunks) await sendPiece(program, peer, wire.subarray(0, 5))
      for (const { peer, wire } of chunks) await sendPiece(program, peer, wire.subarray(5))
    }
    for (const { word, peer } of uploads) {
      await peer.send(LAST_CHUNK)
      const came = await chunkedAnswer(peer, 'one of two uploads')
      expectBody(peer, came, Buffer.from(parts.map(part => `${word} ${part}\n`).join('')), 'one of two uploads')
      await endsThere(peer, came)
    }
  },
}
