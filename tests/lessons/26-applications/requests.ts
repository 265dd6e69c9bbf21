import type { Behaviour } from '#workbook/check/behaviour.ts'
import { PORT } from '#workbook/check/setting.ts'
import {
  ask, askOnce, byHand, curl, expectRefusal, expectSame, expectStatus, jsonIn, request, withApp,
} from './apps.ts'

export const saysHello: Behaviour = {
  id: 'says-hello',
  title: 'hello.ts greets a GET, gives a HEAD the same head, and says 405 to others',
  alone: true,
  byHand: run => [run('server.ts', ['127.0.0.1', './hello.ts']), `curl -i http://127.0.0.1:${PORT}/\ncurl -I http://127.0.0.1:${PORT}/\ncurl -i -d Hello http://127.0.0.1:${PORT}/`],
  async story({ start, connect }) {
    await start('server.ts', ['127.0.0.1', './hello.ts']).listening(PORT)
    const peer = await connect()
    const hello = await ask(peer, 'GET', '/')
    expectStatus(peer, hello, 200, 'a GET to hello.ts')
    expectSame(peer, hello.body.toString(), 'hello, world', 'the body of hello.ts')
    expectSame(peer, hello.fields.get('content-type'), 'text/plain', 'its content-type')
    const head = await ask(peer, 'HEAD', '/')
    expectStatus(peer, head, 200, 'a HEAD to hello.ts')
    const [said, wanted] = [head, hello].map(({ lines }) => lines.filter(line => !/^date:/i.test(line)).sort())
    expectSame(peer, said, wanted, 'the head that a HEAD gets')
    for (const [method, fields, body] of [['DELETE', [], ''], ['POST', ['Content-Length: 5'], 'Hello']] as const) {
      const came = await ask(peer, method, '/', fields, body)
      expectStatus(peer, came, 405, `${method} to hello.ts`)
      const allowed = came.fields.get('allow')?.split(',').map(name => name.trim()).sort()
      expectSame(peer, allowed, ['GET', 'HEAD'], 'what the field Allow of a 405 lists')
    }
  },
}

export const servesTheSite: Behaviour = {
  id: 'serves-the-site',
  title: 'without a second argument, /hello greets and /session shows the session',
  byHand: run => [run(), `curl -i http://127.0.0.1:${PORT}/hello\ncurl http://127.0.0.1:${PORT}/session http://127.0.0.1:${PORT}/session`],
  async story({ serve, connect }) {
    await serve()
    const peer = await connect()
    for (const requests of [0, 1]) {
      const session = await ask(peer, 'GET', '/session')
      expectStatus(peer, session, 200, 'GET /session')
      expectSame(peer, session.body.toString(), `127.0.0.1 ${peer.port}\n${requests}\n`, `what /session shows in request ${requests + 1} of a connection`)
    }
    const hello = await ask(peer, 'GET', '/hello')
    expectSame(peer, [hello.status, hello.body.toString()], [200, 'hello, world'], 'status and body of /hello')
  },
}

const TELLS = `
export default (session, { body, ...request }) => {
  const told = { ...request, body: body === null ? null : typeof body }
  return [200, 'OK', {}, Buffer.from(JSON.stringify(told))]
}
`

export const requestHolds: Behaviour = {
  id: 'request-holds',
  title: 'an application gets method, uri, script, path and query, each taken apart',
  alone: true,
  byHand: byHand(TELLS, curl('/a/b%2Fc?d=e', ''), curl('/a//b?', '')),
  story: world => withApp(world, TELLS, async served => {
    const peer = await served.connect()
    for (const [uri, path, query] of URIS) {
      const told = jsonIn(peer, await ask(peer, 'GET', uri), `GET ${uri}`) as Record<string, unknown>
      expectSame(peer, told['uri'], uri, `uri of GET ${uri}`)
      expectSame(peer, told['path'], path, `path of GET ${uri}`)
      expectSame(peer, told['query'], query, `query of GET ${uri}`)
      expectSame(peer, told['script'], [], `script of GET ${uri}`)
      expectSame(peer, told['method'], 'GET', `method of GET ${uri}`)
      expectSame(peer, told['body'], null, 'the body of a request that has none')
    }
    const posted = jsonIn(peer, await ask(peer, 'PUT', '/a', ['Content-Length: 2'], 'hi'), 'a PUT') as Record<string, unknown>
    expectSame(peer, [posted['method'], posted['body']], ['PUT', 'object'], 'method and type of the body of a PUT')
    const empty = jsonIn(peer, await ask(peer, 'POST', '/a', ['Content-Length: 0']), 'a POST') as Record<string, unknown>
    expectSame(peer, empty['body'], null, 'the body of a request whose length is 0')
    const all = jsonIn(peer, await ask(peer, 'OPTIONS', '*'), 'OPTIONS *') as Record<string, unknown>
    expectSame(peer, [all['uri'], all['path']], ['*', []], 'uri and path of OPTIONS *')
  }),
}

const URIS: readonly (readonly [uri: string, path: readonly string[], query: string | null])[] = [
  ['/', [], null], ['/?', [], ''], ['/?a=b', [], 'a=b'],
  ['/foo/bar/baz?stuff=junk', ['foo', 'bar', 'baz'], 'stuff=junk'],
  ['/a/', ['a', ''], null], ['//', ['', ''], null], ['/a//b', ['a', '', 'b'], null],
  ['/a/b%2Fc', ['a', 'b/c'], null], ['/a%2fb', ['a/b'], null],
  ['/ma%C3%B1ana', ['mañana'], null], ['/%F0%9F%98%80', ['😀'], null],
  ['/a%20b+c', ['a b+c'], null], ['/%2525', ['%25'], null],
  ['/a%3Fb?c%20d?e', ['a?b'], 'c%20d?e'], ['/..a/b../...', ['..a', 'b..', '...'], null],
  ['/a?/../b', ['a'], '/../b'], ['/a?%00%ff%', ['a'], '%00%ff%'],
]

const BARE = `
const names = ['toString', 'constructor', '__proto__', 'hasOwnProperty']
export default (session, { headers }) => {
  const strange = names.map(name => headers[name] ?? null)
  const told = { strange, all: Object.entries(headers) }
  return [200, 'OK', {}, Buffer.from(JSON.stringify(told))]
}
`

export const headersBare: Behaviour = {
  id: 'headers-bare',
  title: 'headers holds the names that were sent, in small letters, and no other',
  alone: true,
  byHand: byHand(BARE, curl('/', '-H \'X-Word: a\' -H \'x-WORD: b\'')),
  story: world => withApp(world, BARE, async served => {
    const peer = await served.connect()
    const bare = jsonIn(peer, await ask(peer, 'GET', '/', ['X-Word: a', 'x-WORD: b']), 'a GET') as { strange: unknown, all: unknown }
    expectSame(peer, bare.all, [['host', '127.0.0.1:12345'], ['x-word', 'a, b']], 'headers')
    expectSame(peer, bare.strange, [null, null, null, null], 'what headers has under toString, constructor, __proto__ and hasOwnProperty')
    const sent = jsonIn(peer, await ask(peer, 'GET', '/', ['__proto__: a', 'constructor: b']), 'a GET') as { strange: unknown }
    expectSame(peer, sent.strange, [null, 'b', 'a', null], 'what headers has under those names, two of which were sent,')
  }),
}

const CALLS = `
let calls = 0
export default (session, { uri }) => {
  calls++
  const told = uri === '/calls' ? String(calls) : 'hello'
  return [200, 'OK', {}, Buffer.from(told)]
}
`

export const refusesPaths: Behaviour = {
  id: 'refuses-paths',
  title: 'a path with . or .., a control character or a broken escape gets 400',
  alone: true,
  byHand: byHand(CALLS, curl('/a/../b', '-i --path-as-is'), curl('/a/%2e%2E/b', '-i --path-as-is'), curl('/%ff')),
  story: world => withApp(world, CALLS, async served => {
    for (const target of BAD_PATHS) {
      const peer = await served.connect()
      await peer.send(request('GET', target))
      await expectRefusal(peer, 400, `the path ${target}`)
    }
    const { peer, came } = await askOnce(served, 'GET', '/calls')
    expectSame(peer, came.body.toString(), '1', `how often the application was called, for one request behind ${BAD_PATHS.length} that are refused,`)
  }),
}

const BAD_PATHS = [
  '/..', '/../a', '/a/../b', '/a/..', '/.', '/a/./b', '/a/..?b', '/%2e%2e', '/a/%2E./b', '/.%2e', '/%2E',
  '/%00', '/a%0d%0aSet-Cookie:b', '/a%09b', '/%7f', '/%1b[2J', '/%C2%85',
  '/%', '/a%4', '/%zz', '/a%4x/b', '/%ff', '/%C3', '/%C3/%B1', '/%ED%A0%80', '/%c0%ae%c0%ae',
]

const SESSION = `
const all = []
export default (session, request) => {
  if (!all.includes(session)) all.push(session)
  session.__visits = (session.__visits ?? 0) + 1
  const told = { ...session, which: all.indexOf(session) }
  return [200, 'OK', {}, Buffer.from(JSON.stringify(told))]
}
`

export const sessionLasts: Behaviour = {
  id: 'session-lasts',
  title: 'a session is one object for a connection, and another for the next one',
  alone: true,
  byHand: byHand(SESSION, `curl -s 'http://127.0.0.1:${PORT}/[1-3]'`, curl('/', '')),
  story: world => withApp(world, SESSION, async served => {
    const peers = [await served.connect(), await served.connect()]
    const seen = new Map<number, unknown>()
    for (const requests of [0, 1, 2]) {
      for (const peer of peers) {
        const told = jsonIn(peer, await ask(peer, 'GET', '/'), 'a GET') as Record<string, unknown>
        const at = `in request ${requests + 1} of a connection, with another connection beside it`
        expectSame(peer, told['client'], ['127.0.0.1', peer.port], `client ${at},`)
        expectSame(peer, told['requests'], requests, `requests ${at},`)
        expectSame(peer, told['__visits'], requests + 1, `what the application has counted in its session ${at},`)
        if (!seen.has(peer.port)) seen.set(peer.port, told['which'])
        expectSame(peer, told['which'], seen.get(peer.port), 'the session of a later request')
      }
    }
  }),
}
