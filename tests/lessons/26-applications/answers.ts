import { inspect } from 'node:util'
import type { Behaviour } from '#workbook/check/behaviour.ts'
import { Failure } from '#workbook/check/explain/failure.ts'
import { PORT } from '#workbook/check/setting.ts'
import { response } from '../shared/http.ts'
import {
  ask, askOnce, byHand, curl, expectRefusal, expectSame, expectServes, expectStatus, oldRequest, request, withApp,
} from './apps.ts'

const FRAMES = `
const words = ['Hasta ', '', 'mañana'].map(text => Buffer.from(text))
function* sync() { yield* words }
async function* async() { yield* words }
const stream = () => new ReadableStream({
  start(controller) {
    for (const word of words) controller.enqueue(new Uint8Array(word))
    controller.close()
  },
})
function* reused() {
  const buffer = Buffer.alloc(7)
  for (const word of words) {
    buffer.set(word)
    yield buffer.subarray(0, word.length)
  }
}
const sources = { array: () => words, sync, async, stream, reused }
export default (session, { path: [kind, source] }, bodies) => {
  const { Body, BodyIter, ChunkedBody } = bodies
  const all = Buffer.concat(words)
  const ok = body => [200, 'OK', {}, body]
  switch (kind) {
    case 'ok':
    case 'null': return ok(null)
    case 'bytes': return ok(source ? new Uint8Array(all) : all)
    case 'none':
      return ok(source ? new BodyIter([], 0) : new ChunkedBody([]))
    case 'said': {
      const headers = { 'content-length': all.length, 'x-a': 1 }
      return [200, 'Fine', headers, new Body(words, all.length)]
    }
    default: return ok(new bodies[kind](sources[source](), all.length))
  }
}
`

export const framesBodies: Behaviour = {
  id: 'frames-bodies',
  title: 'bytes and the two wrappers with a length get one, the other two go in chunks',
  alone: true,
  byHand: byHand(FRAMES, curl('/Body/array'), curl('/ChunkedBodyIter/async', '-i --raw')),
  story: world => withApp(world, FRAMES, async served => {
    const peer = await served.connect()
    const all = Buffer.from('Hasta mañana')
    for (const source of ['array', 'sync', 'async', 'stream', 'reused']) {
      for (const kind of ['Body', 'BodyIter', 'ChunkedBody', 'ChunkedBodyIter']) {
        const what = `a ${kind} (${source})`
        const came = await ask(peer, 'GET', `/${kind}/${source}`)
        expectStatus(peer, came, 200, what)
        const chunks = kind.startsWith('Chunked') ? [6, 7] : undefined
        expectSame(peer, came.chunks, chunks, `the sizes of the chunks of ${what} of 6, 0 and 7 bytes`)
        expectSame(peer, came.body.toString(), all.toString(), `the body of ${what}`)
        if (!chunks) expectSame(peer, came.fields.get('content-length'), String(all.length), `the length of ${what}`)
      }
    }
    for (const [target, body] of [['/bytes/array', all], ['/bytes', all], ['/null', ''], ['/none/array', ''], ['/none', '']] as const) {
      const came = await ask(peer, 'GET', target)
      const what = target.startsWith('/bytes') ? `an application that answers with the bytes of "${body.toString()}"` : `GET ${target}`
      expectStatus(peer, came, 200, what)
      expectSame(peer, came.body.toString(), body.toString(), `the body for ${what}`)
    }
    const said = await ask(peer, 'GET', '/said')
    expectSame(peer, [said.reason, said.fields.get('x-a')], ['Fine', '1'], 'the reason and the field X-A that an application gives')
    await expectServes(peer, said)
  }),
}

const BACK = `
export default (session, { body, path: [how] }, bodies) => {
  if (how === 'raised') body.limit = 3_000_000
  if (how === 'lowered') body.limit = 5
  if (how === 'ok' || body === null) return [200, 'OK', {}, null]
  return [200, 'OK', {}, body]
}
`

export const handsBack: Behaviour = {
  id: 'hands-a-body-back',
  title: 'a request\'s body can be the body of the answer, with its length or in chunks',
  alone: true,
  byHand: byHand(BACK, curl('/', '-i -d Hello'), curl('/', '-i -H Transfer-Encoding:chunked -d Hello')),
  story: world => withApp(world, BACK, async served => {
    const peer = await served.connect()
    for (const size of [1, 7, 50_000]) {
      const body = world.random.bytes(size)
      const sized = await ask(peer, 'POST', '/', [`Content-Length: ${size}`], body)
      expectStatus(peer, sized, 200, 'a body that an application hands back')
      expectSame(peer, sized.fields.get('content-length'), String(size), 'the length of a body that is handed back')
      expectSame(peer, sized.body.equals(body), true, 'that the same bytes have come back')
      const chunked = await ask(peer, 'POST', '/', ['Transfer-Encoding: chunked'], Buffer.concat([Buffer.from(`${size.toString(16)}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')]))
      expectSame(peer, [chunked.chunks !== undefined, chunked.body.equals(body)], [true, true], 'that a body in chunks has come back in chunks, and has the same bytes')
    }
    const large = world.random.bytes(300_000)
    const { came } = await askOnce(served, 'POST', '/', [`Content-Length: ${large.length}`], large)
    expectSame(peer, came.body.equals(large), true, 'that the same 300,000 bytes have come back')
    const empty = await ask(peer, 'POST', '/', ['Content-Length: 0'])
    await expectServes(peer, empty)
  }),
}

export const limitsBodies: Behaviour = {
  id: 'limits-bodies',
  title: 'a body of more than 1 MiB gets 413, unless the application sets another limit',
  alone: true,
  byHand: byHand(BACK, `head -c 2000000 /dev/zero >/tmp/two\n${['', 'raised'].map(how => `curl -si --data-binary @/tmp/two http://127.0.0.1:${PORT}/${how} \\\n  | head -c 300`).join('\n')}`),
  story: world => withApp(world, BACK, async served => {
    const [ONE, TWO] = [1 << 20, 2_000_000]
    for (const [how, size, status] of [['', TWO, 413], ['', ONE, 200], ['raised', TWO, 200], ['lowered', 5, 200], ['lowered', 6, 413]] as const) {
      const what = `a body of ${size} bytes to /${how}`
      const { peer, came } = await askOnce(served, 'POST', `/${how}`, [`Content-Length: ${size}`], Buffer.alloc(size, 'x'))
      expectStatus(peer, came, status, what)
      if (status === 200) await expectServes(peer, came)
    }
    const peer = await served.connect()
    await peer.send(request('POST', '/lowered', ['Transfer-Encoding: chunked'], '6\r\nHello!\r\n0\r\n\r\n'))
    await expectRefusal(peer, 413, 'a body of 6 bytes in chunks to /lowered')
  }),
}

export const continuesForApps: Behaviour = {
  id: 'continues-for-applications',
  title: '100 Continue is said when the application reads, and not when it doesn\'t',
  alone: true,
  byHand: byHand(BACK, curl('/', '-v -H \'Expect: 100-continue\' -d Hello'), curl('/ok', '-v -H \'Expect: 100-continue\' -d Hello')),
  story: world => withApp(world, BACK, async served => {
    const asks = ['Content-Length: 5', 'Expect: 100-continue']
    const peer = await served.connect()
    await peer.send(request('POST', '/', asks))
    expectStatus(peer, await response(peer, { head: true }), 100, 'an application that hands a body back, and its client, which asks whether to send it,')
    await peer.send('Hello')
    const came = await response(peer)
    expectSame(peer, came.body.toString(), 'Hello', 'the body that comes back')
    await expectServes(peer, came)
    const unread = await served.connect()
    await unread.send(request('POST', '/ok', asks))
    await expectRefusal(unread, 200, 'a body that the application does not read, and its client, which asks whether to send it,')
  }),
}

const BODILESS = `
const headers = { 'content-length': 7, 'x-a': 'b' }
export default (session, { method, path: [status] }) => {
  const chunked = { 'transfer-encoding': 'chunked' }
  if (status === 'chunked') return [200, 'OK', chunked, null]
  if (status === '204') return [204, 'No Content', { 'x-a': 'b' }, null]
  if (status === '304') return [304, 'Not Modified', headers, null]
  const body = Buffer.from('mañana')
  return [200, 'OK', headers, method === 'HEAD' ? null : body]
}
`

export const bodilessAnswers: Behaviour = {
  id: 'bodiless-answers',
  title: 'a HEAD, a 204 and a 304 get the application\'s head and not a byte behind it',
  alone: true,
  byHand: byHand(BODILESS, curl('/', '-I'), curl('/204'), curl('/304')),
  story: world => withApp(world, BODILESS, async served => {
    const peer = await served.connect()
    for (const [method, target, length] of [['HEAD', '/', '7'], ['HEAD', '/chunked', undefined], ['GET', '/204', undefined], ['HEAD', '/204', undefined], ['GET', '/304', '7'], ['HEAD', '/304', '7']] as const) {
      const what = `${method} ${target}`
      const came = await ask(peer, method, target)
      expectStatus(peer, came, /\d+/.test(target) ? Number(target.slice(1)) : 200, what)
      expectSame(peer, came.fields.get('content-length'), length, `Content-Length for ${what}`)
      await expectServes(peer, came)
    }
    // What can't be read is no HEAD, whatever came before it.
    await ask(peer, 'HEAD', '/')
    await peer.send('HEAD\r\n\r\n')
    await expectRefusal(peer, 400, 'a line that is no request, behind a HEAD,')
    const old = await served.connect()
    await old.send(oldRequest('HEAD', '/chunked'))
    const head = (await old.answer(2000)).toString('latin1')
    if (/transfer-encoding/i.test(head)) {
      throw new Failure('other', 'HTTP/1.0 knows no Transfer-Encoding, and a HEAD of that version is answered with one', { peer: old, received: Buffer.from(head) })
    }
  }),
}

export const oldClients: Behaviour = {
  id: 'old-clients',
  title: 'HTTP/1.0 gets no chunks: what has no length goes until the connection ends',
  alone: true,
  byHand: byHand(FRAMES, curl('/ChunkedBody/array', '-i0'), curl('/Body/array', '-i0')),
  story: world => withApp(world, FRAMES, async served => {
    for (const [kind, fields] of [['ChunkedBody', 0], ['ChunkedBodyIter', 0], ['Body', 1], ['BodyIter', 1]] as const) {
      const peer = await served.connect()
      await peer.send(oldRequest('GET', `/${kind}/async`))
      const received = await peer.answer(2000)
      const [head = '', ...rest] = received.toString().split('\r\n\r\n')
      const what = `a ${kind} for HTTP/1.0`
      expectSame(peer, /^transfer-encoding/im.test(head), false, `whether the head of ${what} has a Transfer-Encoding`)
      expectSame(peer, (head.match(/^content-length: 13$/gim) ?? []).length, fields, `how often the head of ${what} says its length`)
      expectSame(peer, rest.join('\r\n\r\n'), 'Hasta mañana', `the body of ${what}`)
    }
  }),
}

const LETTERS = `
export default (session, { headers }) =>
  [200, headers['x-word'], { 'x-word': headers['x-word'] }, null]
`

export const headersKeepBytes: Behaviour = {
  id: 'headers-keep-bytes',
  title: 'the value of a field that an application passes on has the bytes that came',
  alone: true,
  byHand: byHand(LETTERS, `curl -si -H 'X-Word: mañana' http://127.0.0.1:${PORT}/ | od -An -tx1 -c`),
  story: world => withApp(world, LETTERS, async served => {
    const word = Buffer.from('mañana ').toString('latin1').trim()
    const { peer, came } = await askOnce(served, 'GET', '/', [`X-Word: ${word}`])
    for (const said of [came.fields.get('x-word') ?? '', came.reason]) {
      if (said === word) continue
      const [is, sent] = [said, word].map(text => Buffer.from(text, 'latin1').toString('hex'))
      throw new Failure('other', `the bytes ${sent} have come as the value of a field, and ${is} are sent back: ${inspect(Buffer.from(said, 'latin1').toString())}`, { peer, received: came.bytes })
    }
  }),
}
