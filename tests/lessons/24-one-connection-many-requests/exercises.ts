import { inspect } from 'node:util'
import type { Behaviour } from '#workbook/check/behaviour.ts'
import { change } from '#workbook/check/change.ts'
import { Failure } from '#workbook/check/explain/failure.ts'
import type { Exercise } from '#workbook/check/lesson.ts'
import { PORT } from '#workbook/check/setting.ts'
import { expectStatus } from '../23-bodies/wire.ts'
import { response } from '../shared/http.ts'
import { answersAll, aPage, endsNow, expectSaysClose, expectStays, pageOf, soon } from './asked.ts'

export const keepsOld: Behaviour = {
  id: 'exercise-keep-an-old-client',
  title: 'HTTP/1.0 with Connection: keep-alive stays, and the answer says that it does',
  byHand: run => [run(), `curl -sv -0 -H 'Connection: keep-alive' \\\n  http://127.0.0.1:${PORT}/one http://127.0.0.1:${PORT}/two`],
  async story({ serve, connect }) {
    await serve()
    const peer = await connect()
    for (const option of ['keep-alive', 'Keep-Alive', 'x-a, keep-alive']) {
      await peer.send(`GET /${option.length} HTTP/1.0\r\nConnection: ${option}\r\n\r\n`)
      const came = await pageOf(peer, `/${option.length}`)
      const said = came.fields.get('connection')
      if (said?.toLowerCase() === 'keep-alive') continue
      throw new Failure('other', `the answer to HTTP/1.0 with "Connection: ${option}" should say "Connection: keep-alive", and ${said === undefined ? 'has no Connection' : `says ${inspect(said)}`}`, { peer, received: came.bytes })
    }
    await peer.send('GET /last HTTP/1.0\r\n\r\n')
    const last = await pageOf(peer, '/last')
    expectSaysClose(peer, last, 'the answer to HTTP/1.0 without a Connection')
    await endsNow(peer, last)
    const both = await connect()
    await both.send('GET /last HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n')
    await endsNow(both, await pageOf(both, '/last'))
    // What has no length and no chunks ends with the connection, whatever the client would like.
    const echo = await connect()
    await echo.send('POST /echo HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nHello')
    const received = await echo.answer(soon(echo))
    if (!/\r\nconnection: *close\r\n/i.test(received.toString('latin1'))) {
      throw new Failure('other', 'the echo to HTTP/1.0 ends with the connection, so its head should say "Connection: close", whatever the client has asked for', { peer: echo, received })
    }
    await answersAll(await connect(), [aPage('/one'), aPage('/two', 'Connection: keep-alive')])
  },
}

export const tenAndNoMore: Behaviour = {
  id: 'exercise-ten-and-no-more',
  title: 'the tenth answer on a connection is the last, and says so',
  byHand: run => [run(), `curl -s -o /dev/null -w '%{num_connects}\\n' "http://127.0.0.1:${PORT}/[1-11]"`],
  async story({ serve, connect }) {
    await serve()
    for (let times = 0; times < 2; times++) {
      const peer = await connect()
      const all = Array.from({ length: 11 }, (_, index) => aPage(`/number-${index}`))
      await peer.send(Buffer.concat(all.map(({ wire }) => wire)))
      for (const { answered } of all.slice(0, 9)) expectStays(peer, await answered(peer))
      const last = await response(peer)
      expectStatus(peer, last, 200, 'the tenth request')
      expectSaysClose(peer, last, 'the tenth answer')
      await endsNow(peer, last)
    }
  },
}

/** What the exercises of lesson 24 ask for. */
export const exercises: readonly Exercise[] = [
  {
    id: 'keep-an-old-client', behaviours: [keepsOld],
    solution: [
      change('exchange.ts', 'this.stays = request.version === \'HTTP/1.1\' && !asksToClose(request)', 'const isOld = request.version === \'HTTP/1.0\'\n    this.stays = !asks(request, \'close\') && (!isOld || asks(request, \'keep-alive\'))'),
      change('exchange.ts', 'const all = this.stays ? fields : { ...fields, Connection: \'close\' }', 'const all = { ...fields, Connection: this.stays ? \'keep-alive\' : \'close\' }'),
      change('exchange.ts', 'function asksToClose({ fields }: Request): boolean {', 'function asks({ fields }: Request, wanted: string): boolean {'),
      change('exchange.ts', 'option.trim() === \'close\'', 'option.trim() === wanted'),
      change('answers.ts', '    if (request.version === \'HTTP/1.0\') {\n', '    if (request.version === \'HTTP/1.0\') {\n      exchange.stays = false\n'),
    ],
  },
  {
    id: 'ten-and-no-more', behaviours: [tenAndNoMore],
    solution: [
      change('server.ts', '  try {\n    while', '  let count = 0\n  try {\n    while'),
      change('server.ts', '      await answer(exchange)\n', '      if (++count === 10) exchange.stays = false\n      await answer(exchange)\n'),
    ],
  },
]
