import { inspect } from 'node:util'
import type { Behaviour } from '#workbook/check/behaviour.ts'
import type { Peer } from '#workbook/check/client/peer.ts'
import { Failure } from '#workbook/check/explain/failure.ts'
import { PORT } from '#workbook/check/setting.ts'
import { response, type Response } from '../shared/http.ts'
import { sendPiece } from '../shared/piece.ts'
import { ask, byHand, curl, expectNextServed, expectSame, expectServes, expectStatus, request, withApp } from './apps.ts'

const WAITS = `
const waiting = new Map()
export default async (session, { path: [what, name] }) => {
  if (what === 'go') waiting.get(name)?.()
  if (what === 'wait') {
    await new Promise(resolve => waiting.set(name, resolve))
  }
  return [200, 'OK', {}, Buffer.from(what + (name ?? ''))]
}
`

export const waitsForApps: Behaviour = {
  id: 'waits-for-applications',
  title: 'an application may take its time: others are answered, its own client waits',
  alone: true,
  byHand: byHand(WAITS, curl('/wait/a', ''), curl('/go/a', '')),
  story: world => withApp(world, WAITS, async served => {
    const slow = await Promise.all(['a', 'b'].map(async name => ({ name, peer: await served.connect() })))
    // What comes behind it on the same connection has to wait for it.
    for (const { name, peer } of slow) await sendPiece(served.program, peer, Buffer.concat([request('GET', `/wait/${name}`), request('GET', `/behind/${name}`)]))
    for (const { name, peer } of slow.reverse()) {
      if (peer.pending.length > 0) throw new Failure('other', 'an answer comes before the application has given one', { peer, received: peer.pending })
      await expectNextServed(served, 'two whose application is not done yet', `/go/${name}`)
      for (const what of ['wait', 'behind']) {
        const came = await response(peer)
        expectSame(peer, came.body.toString(), `${what}${name}`, `the answer to GET /${what}/${name}`)
      }
    }
  }),
}

const READS = `
export default async (session, { path: [how], body, uri }, bodies) => {
  let read = 0
  if (how === 'half') {
    for await (const piece of body) {
      read += piece.length
      break
    }
  }
  if (how === 'all') for await (const piece of body) read += piece.length
  if (how === 'swallow') {
    for (let count = 0; count < 2; count++) {
      try {
        for await (const piece of body) read += piece.length
      } catch {}
    }
  }
  return [200, 'OK', {}, Buffer.from(String(read))]
}
`

export const leavesBodies: Behaviour = {
  id: 'leaves-bodies',
  title: 'an application reads a body, half of it or none, and the next request is right',
  alone: true,
  byHand: byHand(READS, `curl -s -d Hello 'http://127.0.0.1:${PORT}/{none,half,all}'`),
  story: world => withApp(world, READS, async served => {
    const stowaway = 'GET /stowaway HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
    const size = `Content-Length: ${stowaway.length * 20}`
    const chunk = `${stowaway.length.toString(16)}\r\n${stowaway}\r\n`
    for (const how of ['none', 'half', 'all']) {
      for (const [field, body] of [[size, stowaway.repeat(20)], ['Transfer-Encoding: chunked', `${chunk.repeat(20)}0\r\n\r\n`]] as const) {
        const peer = await served.connect()
        const came = await ask(peer, 'POST', `/${how}`, [field], body)
        expectStatus(peer, came, 200, `a body that an application reads: ${how}`)
        if (how === 'all') expectSame(peer, Number(came.body.toString()), stowaway.length * 20, 'how many bytes an application has read')
        if (how === 'all' || field === size) await expectServes(peer, came)
        else await expectEnd(peer, came, 'half of a body in chunks is read, or none of it')
      }
    }
    // It catches what the server throws, and knows no more than before where the body ends.
    const peer = await served.connect()
    await peer.send(request('POST', '/swallow', ['Transfer-Encoding: chunked'], `5\r\nHello\r\nx\r\n${stowaway}`))
    const came = await response(peer)
    await expectEnd(peer, came, 'a body is broken, the application has caught the error')
  }),
}

async function expectEnd(peer: Peer, { bytes }: Response, what: string): Promise<void> {
  const rest = await peer.answer(2000)
  if (rest.length === 0) return
  throw new Failure('other', `${what}, and the server goes on as if it knew where the next request begins: ${inspect(rest.toString('latin1').split('\r\n')[0])}`, {
    peer, received: Buffer.concat([bytes, rest]),
  })
}
