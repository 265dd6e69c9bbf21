import { createHash } from 'node:crypto'
import { inspect } from 'node:util'
import type { Behaviour } from '#workbook/check/behaviour.ts'
import { Failure, TooBusy } from '#workbook/check/explain/failure.ts'
import { EVERY_BYTE } from '#workbook/check/client/random.ts'
import { PORT } from '#workbook/check/setting.ts'
import { endsThere, response } from '../shared/http.ts'
import { sendPiece } from '../shared/piece.ts'
import {
  asksForNothing, bodiless, continues, earlyEnds, heads, refusesBadSizes, sideBySide, unread,
} from './answers.ts'
import { echoesMuch, fillsUp } from './flow.ts'
import {
  chunk, CHUNKED, chunkedPost, COUNT, ECHO, echoes, expectEcho, expectMeanwhile, expectStatus, inChunks, LAST_CHUNK,
  post, sizedPost, typed,
} from './wire.ts'

export const echoesSized: Behaviour = {
  id: 'echoes-sized',
  title: 'POST /echo sends a body of Content-Length bytes back, in chunks',
  byHand: run => [run(), `curl -v -d 'mañana' ${ECHO}\nhead -c 300000 /dev/urandom >/tmp/bytes\ncurl -s --data-binary @/tmp/bytes ${ECHO} \\\n  | cmp - /tmp/bytes`],
  async story(world) {
    await world.serve()
    const text = Buffer.from(`${world.random.word()}: ¡Hasta mañana! 😀\n`)
    await echoes(world, sizedPost('/echo', text), text, `a body of ${text.length} bytes`)
    await echoes(world, sizedPost('/echo', EVERY_BYTE), EVERY_BYTE, 'a body of all 256 byte values')
    const large = world.random.bytes(300_000)
    await echoes(world, sizedPost('/echo', large), large, 'a body of 300,000 random bytes')
  },
}

export const echoesNothing: Behaviour = {
  id: 'echoes-nothing',
  title: 'a body of no bytes comes back as one',
  byHand: run => [run(), `curl -i -d '' ${ECHO}\nprintf '' | curl -i -T - -X POST ${ECHO}`],
  async story(world) {
    await world.serve()
    const none = Buffer.alloc(0)
    for (const request of [sizedPost('/echo', none), chunkedPost('/echo', none, [])]) {
      await echoes(world, request, none, 'a body of no bytes')
    }
  },
}

export const lengthUnsaid: Behaviour = {
  id: 'length-unsaid',
  title: 'a POST that says no length has a body of no bytes',
  // From lesson 25 on it gets 411.
  to: 24,
  byHand: run => [run(), `curl -i -X POST ${ECHO}`],
  async story(world) {
    await world.serve()
    await echoes(world, post('/echo'), Buffer.alloc(0), 'a body of no bytes, whose length is not said,')
  },
}

export const echoesChunked: Behaviour = {
  id: 'echoes-chunked',
  title: 'a body in chunks of any size comes back, without what marked the chunks',
  byHand: run => [run(), typed('/echo', '5\\r\\nHello\\r\\n10\\r\\n0123456789abcdef\\r\\n0\\r\\n\\r\\n')],
  async story(world) {
    const { random } = world
    await world.serve()
    const hello = Buffer.from('Hello')
    await echoes(world, chunkedPost('/echo', hello, []), hello, 'a body in one chunk, of 5 bytes,')
    await echoes(world, chunkedPost('/echo', hello, [1, 1, 3]), hello, 'a body in three chunks, of 1, 1 and 3 bytes,')
    // What looks like the mark of a chunk may stand in its data.
    const marks = Buffer.from('\r\n0\r\n\r\n')
    await echoes(world, chunkedPost('/echo', marks, []), marks, `a chunk whose data are ${inspect(marks.toString())}`)
    for (const size of ['10', '1a', '1A', '0c']) {
      const data = random.bytes(Number.parseInt(size, 16))
      const request = Buffer.concat([post('/echo', CHUNKED), chunk(data, size), LAST_CHUNK])
      await echoes(world, request, data, `a chunk of ${data.length} bytes, whose size is written "${size}",`)
    }
    for (let count = 0; count < 10; count++) {
      const data = random.bytes(2000)
      const sizes = Array.from({ length: 12 }, () => random.next() % 300)
      await echoes(world, chunkedPost('/echo', data, sizes), data, 'a body in chunks of random sizes')
    }
    const named = Buffer.concat([post('/echo', 'transfer-encoding: Chunked'), chunk('Hello'), LAST_CHUNK])
    await echoes(world, named, hello, 'a body whose coding is called "Chunked"')
  },
}

export const chunksCut: Behaviour = {
  id: 'chunks-cut',
  title: 'a body in chunks may be cut at any byte, or come byte by byte',
  byHand: run => [run(), typed('/echo', '1', '0\\r', '\\n01234567', '89abcdef\\r', '\\n0\\r\\n\\r\\n')],
  async story(world) {
    const program = await world.serve()
    const body = Buffer.from('sixteen bytes...and five')
    const head = post('/echo', CHUNKED)
    const wire = Buffer.concat([inChunks(body, [16, 5]), LAST_CHUNK])
    let apart = 0
    for (let at = 0; at < wire.length; at++) {
      const peer = await world.connect()
      if (await sendPiece(program, peer, Buffer.concat([head, wire.subarray(0, at)]))) apart++
      await peer.send(wire.subarray(at))
      await expectEcho(peer, body, `a body in chunks that was cut behind ${inspect(wire.toString('latin1', 0, at))}`)
    }
    const peer = await world.connect()
    const all = Buffer.concat([head, wire])
    for (let at = 0; at < all.length; at++) await sendPiece(program, peer, all.subarray(at, at + 1))
    await expectEcho(peer, body, 'a body that was sent byte by byte')
    if (apart < wire.length / 2) throw new TooBusy()
  },
}

export const ignoresExtensions: Behaviour = {
  id: 'ignores-extensions',
  title: 'what stands behind a semicolon in the line of a chunk\'s size is passed over',
  byHand: run => [run(), typed('/echo', '5;a=b\\r\\nHello\\r\\n0;last\\r\\n\\r\\n')],
  async story(world) {
    await world.serve()
    const hello = Buffer.from('Hello')
    for (const extension of [';a=b', ';a', ' ; a="5"', ';a=b;c=d']) {
      const request = Buffer.concat([post('/echo', CHUNKED), chunk(hello, `5${extension}`), Buffer.from('0;last\r\n\r\n')])
      await echoes(world, request, hello, `a chunk whose line is ${inspect(`5${extension}`)}`)
    }
  },
}

export const printsTrailers: Behaviour = {
  id: 'prints-trailers',
  title: 'the fields behind the last chunk are printed, and are no part of the body',
  byHand: run => [run(), typed('/count', '5\\r\\nHello\\r\\n0\\r\\nDigest: abc\\r\\n\\r\\n')],
  async story(world) {
    const program = await world.serve()
    const word = world.random.word()
    const lines = Buffer.from(`0\r\nX-Word: ${word}\r\nX-More: b\r\n\r\n`)
    const hello = Buffer.from('Hello')
    await echoes(world, Buffer.concat([post('/echo', CHUNKED), chunk(hello), lines]), hello, 'a body with two trailers')
    await program.says(`Trailer: 'X-Word: ${word}'`)
  },
}

export const escapesTrailers: Behaviour = {
  id: 'escapes-trailers',
  title: 'no byte of a trailer steers a terminal',
  // From lesson 25 on such a trailer is refused.
  to: 24,
  byHand: run => [run(), typed('/count', '5\\r\\nHello\\r\\n0\\r\\nDigest: \\033[1mabc\\r\\n\\r\\n')],
  async story(world) {
    const program = await world.serve()
    const word = world.random.word()
    const hello = Buffer.from('Hello')
    const last = Buffer.from(`0\r\nX-More: \x1b[1m${word}\r\n\r\n`, 'latin1')
    await echoes(world, Buffer.concat([post('/echo', CHUNKED), chunk(hello), last]), hello, 'a body with a trailer')
    const wanted = `Trailer: 'X-More: \\x1B[1m${word}'`
    const line = await program.line(line => line.includes(`[1m${word}`), wanted)
    if (line.includes('\x1b')) throw new Failure('output', 'the byte 1b reached your terminal as it was', { program })
  },
}

export const counts: Behaviour = {
  id: 'counts',
  title: 'POST /count says how many bytes have come and their sha-256, of a million too',
  byHand: run => [run(), `head -c 1000000 /dev/urandom >/tmp/million\ncurl --data-binary @/tmp/million ${COUNT}\ncurl -T - -X POST ${COUNT} </tmp/million\nsha256sum </tmp/million`],
  async story(world) {
    await world.serve()
    for (const size of [0, 7, 1_000_000]) {
      const body = world.random.bytes(size)
      for (const request of [sizedPost('/count', body), chunkedPost('/count', body, [1, 20, 300, 1 << 19])]) {
        const peer = await world.connect()
        await peer.send(request)
        const came = await response(peer)
        expectStatus(peer, came, 200, `a body of ${size} bytes to /count`)
        const wanted = `${size} bytes, sha-256 ${createHash('sha256').update(body).digest('hex')}`
        const said = came.body.toString().trim()
        if (said !== wanted) throw new Failure('other', `the answer should be ${inspect(wanted)}, and is ${inspect(said.slice(0, 100))}`, { peer, received: came.bytes })
        await endsThere(peer, came)
      }
    }
  },
}

export const streams: Behaviour = {
  id: 'streams',
  title: 'the first part of a body comes back before the last part has been sent',
  byHand: run => [run(), `(echo one; sleep 2; echo two) \\\n  | curl --no-buffer -T . -X POST ${ECHO}`],
  async story(world) {
    await world.serve()
    const none = 'the first part of a body has been sent, and nothing of it comes back while the rest is still to come'
    for (const [first, rest, head] of [
      ['first, ', 'rest', post('/echo', 'Content-Length: 11')],
      ['7\r\nfirst, \r\n', '4\r\nrest\r\n0\r\n\r\n', post('/echo', CHUNKED)],
      // A chunk may be a gigabyte, and is not waited for either.
      ['b\r\nfirst, ', 'rest\r\n0\r\n\r\n', post('/echo', CHUNKED)],
    ] as const) {
      const peer = await world.connect()
      await peer.send(head)
      await peer.send(first)
      await expectMeanwhile(peer, 'first, ', `${none}: ${head.includes(CHUNKED) ? first.startsWith('b') ? 'half a chunk' : 'one of two chunks' : '7 of 11 bytes'}`)
      await peer.send(rest)
      await expectEcho(peer, Buffer.from('first, rest'), 'a body that came in two parts')
    }
  },
}

export const backpressure: Behaviour = {
  id: 'body-backpressure',
  title: 'it stops reading a body whose echo is not read, and then sends all of it',
  alone: true,
  byHand: run => [
    `${run()} >/dev/null`, `yes | curl -sN -T - -X POST ${ECHO} | sleep 20`, `ss -tn 'sport = :${PORT}'`,
  ],
  async story({ serve, connect }) {
    const program = await serve()
    const peer = await connect()
    peer.pause()
    await peer.send(post('/echo', CHUNKED))
    const given = await fillsUp(program, peer)
    peer.push(LAST_CHUNK)
    peer.resume()
    const deadline = Date.now() + 2500 * peer.patience
    while (peer.open && Date.now() < deadline) await peer.anything(1000)
    if (!peer.open && peer.heard > given) return
    if (peer.open && Date.now() >= deadline && peer.heard > 0) throw new TooBusy()
    throw new Failure(peer.open ? 'silence' : 'closed', `${given} bytes were sent while nothing was read, and ${peer.heard} have come back`, { program, peer, received: Buffer.alloc(0) })
  },
}

export const littleMemory: Behaviour = {
  id: 'little-memory',
  title: 'an echo of 200 MB, in chunks both ways, takes less than 50 MB of memory',
  platforms: ['linux'],
  alone: true,
  long: true,
  byHand: run => [
    `${run()} >/dev/null`, `head -c 200000000 /dev/zero \\\n  | curl -sN -T - -X POST ${ECHO} | wc -c`,
    `while sleep 0.2\ndo ps -o rss= -p $(lsof -t -iTCP:${PORT} -sTCP:LISTEN)\ndone`,
  ],
  async story({ serve }) {
    const program = await serve()
    // What a program takes once, it does not take for this body.
    await echoesMuch(program, 10e6)
    await echoesMuch(program, 200e6, 50e6)
  },
}

/** What begins to hold in lesson 23, in the order in which it is told. */
export const behaviours: readonly Behaviour[] = [
  echoesSized, echoesNothing, lengthUnsaid, echoesChunked, chunksCut, ignoresExtensions, printsTrailers,
  escapesTrailers, counts, refusesBadSizes, streams, earlyEnds, backpressure, littleMemory, continues, asksForNothing,
  unread, heads, bodiless, sideBySide,
]
