import { inspect } from 'node:util'
import type { Behaviour } from '#workbook/check/behaviour.ts'
import { added } from '#workbook/check/change.ts'
import { Failure } from '#workbook/check/explain/failure.ts'
import type { Exercise } from '#workbook/check/lesson.ts'
import { PORT } from '#workbook/check/setting.ts'
import { ask, curl, expectSame, expectStatus } from './apps.ts'

export const guestAndVisit: Behaviour = {
  id: 'exercise-guest-and-visit',
  title: 'guests.ts answers with the number of the connection and of its request',
  alone: true,
  byHand: run => [run('server.ts', ['127.0.0.1', './guests.ts']), `curl -s "http://127.0.0.1:${PORT}/[1-3]"\n${curl('/', '')}`],
  async story({ start, connect }) {
    await start('server.ts', ['127.0.0.1', './guests.ts']).listening(PORT)
    const peers = [await connect(), await connect(), await connect()]
    for (const visit of [1, 2, 3]) {
      for (const [at, peer] of peers.entries()) {
        const came = await ask(peer, 'GET', '/')
        expectStatus(peer, came, 200, 'a GET to guests.ts')
        expectSame(peer, came.body.toString(), `guest ${at + 1}, visit ${visit}\n`, `the answer to request ${visit} of connection ${at + 1}`)
      }
    }
  },
}

export const inCapitalLetters: Behaviour = {
  id: 'exercise-in-capital-letters',
  title: 'capitals.ts sends a POST back in capital letters, other bytes as they came',
  alone: true,
  byHand: run => [run('server.ts', ['127.0.0.1', './capitals.ts']), `${curl('/', '-i -d mañana')}\n${curl('/')}`],
  async story({ start, connect, random }) {
    await start('server.ts', ['127.0.0.1', './capitals.ts']).listening(PORT)
    const peer = await connect()
    for (const text of [Buffer.from('¡Hasta mañana! 😀 [`{@az\n'), random.bytes(50_000), Buffer.alloc(3_000_000, 'abcXYZ')]) {
      const wanted = Buffer.from(text.map(byte => byte >= 97 && byte <= 122 ? byte - 32 : byte))
      const what = `the answer to a POST of ${text.length} bytes`
      const sized = await ask(peer, 'POST', '/', [`Content-Length: ${text.length}`], text)
      expectStatus(peer, sized, 200, 'a POST to capitals.ts')
      expectSame(peer, sized.chunks === undefined, true, `that ${what} with a length has one too`)
      expectCapitals(sized.body, wanted, what)
      const half = text.length >> 1
      const chunks = [text.subarray(0, half), text.subarray(half)].flatMap(piece => [Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')])
      const chunked = await ask(peer, 'POST', '/', ['Transfer-Encoding: chunked'], Buffer.concat([...chunks, Buffer.from('0\r\n\r\n')]))
      expectStatus(peer, chunked, 200, 'a POST in chunks to capitals.ts')
      expectSame(peer, chunked.chunks !== undefined, true, `that ${what} in chunks comes in chunks`)
      expectCapitals(chunked.body, wanted, what)
    }
    const empty = await ask(peer, 'POST', '/', ['Content-Length: 0'])
    expectSame(peer, [empty.status, empty.body.length], [200, 0], 'status and length of the answer to a POST of no bytes')
    const get = await ask(peer, 'GET', '/')
    expectSame(peer, [get.status, get.fields.get('allow')], [405, 'POST'], 'status and Allow of the answer to a GET')
  },
}

function expectCapitals(body: Buffer, wanted: Buffer, what: string): void {
  if (body.equals(wanted)) return
  const at = wanted.findIndex((byte, index) => body[index] !== byte)
  const [is, should] = [body, wanted].map(bytes => inspect(bytes.subarray(Math.max(at, 0), at + 10)))
  throw new Failure('differs', `${what} should have ${should} at byte ${at + 1}, and has ${is}`, { received: body, expected: wanted })
}

const GUESTS = `import type { App } from './contract.ts'

let guests = 0

const visits: App = (session, { method }) => {
  session.__guest ??= ++guests
  const visit = session.requests + 1
  const body = Buffer.from(\`guest \${session.__guest}, visit \${visit}\\n\`)
  const fields = { 'content-length': body.length, 'content-type': 'text/plain' }
  return [200, 'OK', fields, method === 'HEAD' ? null : body]
}

export default visits
`

const CAPITALS = `import type { App, RequestStream } from './contract.ts'

const capitals: App = (_session, { method, body }, bodies) => {
  if (method !== 'POST') {
    return [405, 'Method Not Allowed', { allow: 'POST' }, null]
  }
  if (body === null) return [200, 'OK', {}, null]
  body.limit = Infinity
  const pieces = inCapitals(body)
  const answer = body instanceof bodies.Body
    ? new bodies.BodyIter(pieces, body.length)
    : new bodies.ChunkedBodyIter(pieces)
  return [200, 'OK', {}, answer]
}

async function* inCapitals(body: RequestStream) {
  for await (const piece of body) {
    yield piece.map(byte => byte >= 97 && byte <= 122 ? byte - 32 : byte)
  }
}

export default capitals
`

/** What the exercises of lesson 26 ask for. */
export const exercises: readonly Exercise[] = [
  { id: 'guest-and-visit', behaviours: [guestAndVisit], solution: [added('guests.ts', GUESTS)] },
  { id: 'in-capital-letters', behaviours: [inCapitalLetters], solution: [added('capitals.ts', CAPITALS)] },
]
