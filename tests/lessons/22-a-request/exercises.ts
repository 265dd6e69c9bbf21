import { inspect } from 'node:util'
import type { Behaviour } from '#workbook/check/behaviour.ts'
import { change } from '#workbook/check/change.ts'
import { Failure } from '#workbook/check/explain/failure.ts'
import type { Exercise } from '#workbook/check/lesson.ts'
import { PORT } from '#workbook/check/setting.ts'
import { endsThere, response, textOf } from '../shared/http.ts'
import { asksFor, get } from './page.ts'

export const tellsTheTime: Behaviour = {
  id: 'exercise-tell-the-time',
  title: 'GET /time gets the time as plain text, and every other target the page',
  byHand: run => [run(), `curl -i http://127.0.0.1:${PORT}/time\ncurl -i http://127.0.0.1:${PORT}/`],
  async story(world) {
    await world.serve()
    const peer = await world.connect()
    const before = Math.floor(Date.now() / 1000) * 1000
    await peer.send(get('/time'))
    const came = await response(peer)
    const evidence = { peer, received: came.bytes }
    if (came.status !== 200) throw new Failure('other', `the answer should be "200 OK", and is ${inspect(came.lines[0])}`, evidence)
    const type = came.fields.get('content-type') ?? ''
    if (!/^text\/plain\b/i.test(type)) throw new Failure('other', `the Content-Type of /time should be text/plain, and is ${inspect(type)}`, evidence)
    const text = textOf(came, peer)
    const moment = Date.parse(text.trim())
    if (Number.isNaN(moment)) throw new Failure('other', `the body should be a time and nothing else, and is ${inspect(text.slice(0, 60))}`, evidence)
    if (moment < before || moment > Date.now()) throw new Failure('other', `the body should be the time now, and is ${inspect(text)}`, evidence)
    await endsThere(peer, came)
    for (const target of ['/', '/times', '/a/time']) await asksFor(world, get(target))
  },
}

export const says404: Behaviour = {
  id: 'exercise-say-404',
  title: '/ gets the page, and what isn\'t there gets 404 and the end',
  byHand: run => [run(), `curl -i http://127.0.0.1:${PORT}/favicon.ico\ncurl -i http://127.0.0.1:${PORT}/`],
  async story(world) {
    await world.serve()
    await asksFor(world, get('/'))
    for (const target of ['/favicon.ico', '/nowhere', '//', '/<b>bold</b>']) {
      const peer = await world.connect()
      await peer.send(get(target))
      const came = await response(peer)
      const evidence = { peer, received: came.bytes }
      if (came.status !== 404) throw new Failure('other', `${target} should be answered with "404 Not Found", and is with ${inspect(came.lines[0])}`, evidence)
      if (came.body.length === 0) throw new Failure('other', 'a person may read this: a 404 should have a body with a few words', evidence)
      const isHtml = /^text\/html\b/i.test(came.fields.get('content-type') ?? '')
      if (isHtml && came.body.includes('<b>bold')) throw new Failure('other', 'the target stands in the page as HTML, and should be escaped', evidence)
      await endsThere(peer, came)
    }
    await asksFor(world, get('/'))
  },
}

const PAGE = 'respond(conn, \'200 OK\', \'text/html\', pageFor(request))'

/** What the exercises of lesson 22 ask for. */
export const exercises: readonly Exercise[] = [
  {
    id: 'tell-the-time', behaviours: [tellsTheTime],
    solution: [change('server.ts', PAGE, `if (target === '/time') {
      respond(conn, '200 OK', 'text/plain', \`\${new Date().toUTCString()}\\n\`)
    } else {
      ${PAGE}
    }`)],
  },
  {
    id: 'say-404', behaviours: [says404],
    solution: [change('server.ts', PAGE, `if (target === '/') {
      ${PAGE}
    } else {
      respond(conn, '404 Not Found', 'text/plain', 'Nothing is here\\n')
    }`)],
  },
]
