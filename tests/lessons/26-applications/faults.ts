import { inspect } from 'node:util'
import type { Behaviour } from '#workbook/check/behaviour.ts'
import type { Peer } from '#workbook/check/client/peer.ts'
import { Failure } from '#workbook/check/explain/failure.ts'
import type { Program } from '#workbook/check/program/program.ts'
import { PORT } from '#workbook/check/setting.ts'
import {
  ask, byHand, curl, expectNextServed, expectRefusal, expectSame, expectStatus, oldRequest, request, withApp,
} from './apps.ts'

/** What is wrong with a response, as the application gives it, and what of it the log has to show. */
const WRONG: readonly (readonly [response: string, shows: RegExp, method?: string])[] = [
  ['[\'200 OK\', {}, null]', /200 OK/], ['[200, \'OK\', {}, null, 5]', /\b5\b/], ['\'hello\'', /hello/],
  ['undefined', /undefined/], ['null', /null/], ['{ status: 200 }', /status/],
  ['[\'200\', \'OK\', {}, null]', /'200'/], ['[99, \'OK\', {}, null]', /\b99\b/], ['[100, \'Continue\', {}, null]', /\b100\b/],
  ['[600, \'OK\', {}, null]', /\b600\b/], ['[200.5, \'OK\', {}, null]', /200\.5/], ['[NaN, \'OK\', {}, null]', /NaN/],
  ['[200, 5, {}, null]', /\b5\b/], ['[200, \'OK\\r\\nSet-Cookie: a\', {}, null]', /OK\\r\\nSet-Cookie: a/], ['[200, \'¡mañana€\', {}, null]', /€/],
  ['[200, \'OK\', null, null]', /null/], ['[200, \'OK\', \'none\', null]', /none/],
  ['[200, \'OK\', { \'x-a\': \'a\\r\\nset-cookie: b=c\' }, null]', /a\\r\\nset-cookie: b=c/],
  ['[200, \'OK\', { \'x-a\\r\\nset-cookie\': \'b\' }, null]', /x-a\\r\\nset-cookie/],
  ['[200, \'OK\', { \'x-a\': \'a\\nb\' }, null]', /a\\nb/], ['[200, \'OK\', { \'x-a\': \'a\\0b\' }, null]', /a\\(?:x00|0)b/],
  ['[200, \'OK\', { \'x-a\': \'€\' }, null]', /€/], ['[200, \'OK\', { \'x-a\': undefined }, null]', /undefined/],
  ['[200, \'OK\', { \'x-a\': [\'b\'] }, null]', /b/], ['[200, \'OK\', { \'X-A\': \'b\' }, null]', /X-A/],
  ['[200, \'OK\', { \'x a\': \'b\' }, null]', /x a/], ['[200, \'OK\', { \'\': \'b\' }, null]', /''/],
  ['[200, \'OK\', { connection: \'close\' }, null]', /connection/], ['[200, \'OK\', { date: \'today\' }, null]', /date/],
  ['[200, \'OK\', { \'content-length\': 4 }, Buffer.from(\'hello\')]', /\b4\b/],
  ['[200, \'OK\', { \'content-length\': 6 }, Buffer.from(\'mañana\')]', /\b6\b/],
  ['[200, \'OK\', { \'content-length\': 5 }, null]', /\b5\b/], ['[200, \'OK\', { \'content-length\': \'0x5\' }, Buffer.from(\'hello\')]', /0x5/],
  ['[200, \'OK\', { \'content-length\': -1 }, null]', /-1/, 'HEAD'], ['[200, \'OK\', { \'content-length\': \'a\' }, null]', /'a'/, 'HEAD'],
  ['[200, \'OK\', { \'content-length\': 5, \'transfer-encoding\': \'chunked\' }, Buffer.from(\'hello\')]', /transfer-encoding/],
  ['[200, \'OK\', { \'content-length\': 5, \'transfer-encoding\': \'chunked\' }, null]', /transfer-encoding/, 'HEAD'],
  ['[200, \'OK\', { \'transfer-encoding\': \'chunked\' }, Buffer.from(\'hello\')]', /chunked/],
  ['[200, \'OK\', { \'transfer-encoding\': \'gzip\' }, new bodies.ChunkedBody([])]', /gzip/],
  ['[200, \'OK\', { \'content-length\': 5 }, new bodies.ChunkedBody([Buffer.from(\'hello\')])]', /\b5\b/],
  ['[200, \'OK\', { \'content-length\': 4 }, new bodies.Body([Buffer.from(\'hello\')], 5)]', /\b4\b/],
  ['[200, \'OK\', {}, \'hello\']', /hello/], ['[200, \'OK\', {}, [Buffer.from(\'hello\')]]', /68 65 6c 6c 6f|Buffer|Array/], ['[200, \'OK\', {}, undefined]', /undefined/],
  ['[200, \'OK\', {}, new bodies.Body([], -1)]', /-1/], ['[200, \'OK\', {}, new bodies.Body([])]', /undefined/], ['[200, \'OK\', {}, new bodies.BodyIter([], 1.5)]', /1\.5/],
  ['[200, \'OK\', {}, new bodies.ChunkedBody([\'hello\'])]', /hello/], ['[200, \'OK\', {}, new bodies.BodyIter([\'hello\'], 5)]', /hello/],
  ['[200, \'OK\', {}, new bodies.Body([], 5)]', /\b5\b/], ['[200, \'OK\', {}, new bodies.Body([Buffer.from(\'hello!\')], 5)]', /\b5\b/],
  ['[204, \'No Content\', {}, Buffer.from(\'hello\')]', /204/], ['[204, \'No Content\', { \'content-length\': 0 }, null]', /content-length/],
  ['[204, \'No Content\', { \'transfer-encoding\': \'chunked\' }, null]', /transfer-encoding|chunked/],
  ['[304, \'Not Modified\', {}, Buffer.from(\'hello\')]', /304/], ['[200, \'OK\', {}, Buffer.from(\'hello\')]', /HEAD/, 'HEAD'],
]

const ALL_WRONG = `
export default (session, { path: [number] }, bodies) => {
  switch (number) {
${WRONG.map(([response], number) => `    case '${number}': return ${response}`).join('\n')}
    default: return [200, 'OK', {}, null]
  }
}
`

export const refusesWrongResponses: Behaviour = {
  id: 'refuses-wrong-responses',
  title: 'a response that breaks a rule becomes one 500 and the end; the log says which',
  alone: true,
  byHand: run => [run('server.ts', ['127.0.0.1', './wrong.ts']), ...['list', 'status', 'header', 'length'].map(path => `curl -i http://127.0.0.1:${PORT}/${path}`)],
  story: world => withApp(world, ALL_WRONG, async served => {
    for (const [number, [wrong, shows, method = 'GET']] of WRONG.entries()) {
      const what = `an application that answers ${method === 'GET' ? '' : `a ${method} `}with ${wrong}`
      const peer = await served.connect()
      await peer.send(request(method, `/${number}`))
      await expectRefusal(peer, 500, what, { head: method === 'HEAD' })
      await expectLog(served.program, FAILED, shows, what)
    }
    await expectNextServed(served, `${WRONG.length} wrong responses`)
  }),
}

const THROWN: readonly (readonly [thrown: string, shows: RegExp])[] = [
  ['new Error(\'secret word\')', /secret word/], ['new TypeError(\'a secret\\r\\nsecond line \\x1b[2J\')', /a secret\\r\\nsecond line \\x1B\[2J/],
  ['\'secret text\'', /secret text/], ['undefined', /undefined/], ['null', /null/], ['42', /\b42\b/], ['Symbol(\'secret\')', /Symbol\(secret\)/],
  ['Object.create(null)', /Object/], ['{ secret: 1 }', /secret/], ['Object.assign(new Error, { message: 5 })', /\b5\b/],
  ['{ get secret() { throw 1 }, toString() { throw 1 } }', /secret/], ['Object.assign(new Error(\'secret code\'), { code: \'ECONNRESET\' })', /secret code/],
]

const THROWS = `
export default (session, { path: [number, when] }, bodies) => {
  if (number === 'ok') return [200, 'OK', {}, null]
  const thrown = [${THROWN.map(([thrown]) => thrown).join(', ')}][number]
  if (when === 'later') return Promise.reject(thrown)
  if (when === 'before') return [200, 'OK', {}, new bodies.ChunkedBodyIter((function* () { throw thrown })())]
  throw thrown
}
`

export const survivesThrows: Behaviour = {
  id: 'survives-throws',
  title: 'whatever an application throws, the client gets 500 and not a word of it',
  alone: true,
  byHand: run => [run('server.ts', ['127.0.0.1', './wrong.ts']), curl('/throw')],
  story: world => withApp(world, THROWS, async served => {
    for (const [number, [thrown, shows]] of THROWN.entries()) {
      for (const [when, what] of [['', 'throws'], ['later', 'rejects with'], ['before', 'throws before the first piece of its body:']] as const) {
        const peer = await served.connect()
        await peer.send(request('GET', `/${number}/${when}`))
        const told = `an application that ${what} ${thrown}`
        const came = await expectRefusal(peer, 500, told)
        const text = came.bytes.toString('latin1')
        if (/secret|second line|app\.mjs/.test(text)) throw new Failure('other', `${told} is told to the client, word for word`, { peer, received: came.bytes })
        await expectLog(served.program, FAILED, shows, told)
      }
    }
    await expectNextServed(served, 'applications that throw')
  }),
}

const BREAKS = `
const first = Buffer.from('The first line\\n')
function* late() {
  yield first
  throw new Error('there is no second line')
}
function* more() {
  yield first
  yield Buffer.from('too much')
}
function* text() {
  yield first
  yield 'a text'
}
export default (session, { path: [how] }, { BodyIter, ChunkedBodyIter }) => {
  switch (how) {
    case 'chunked': return [200, 'OK', {}, new ChunkedBodyIter(late())]
    case 'chunked-text': return [200, 'OK', {}, new ChunkedBodyIter(text())]
    case 'sized': return [200, 'OK', {}, new BodyIter(late(), 30)]
    case 'sized-text': return [200, 'OK', {}, new BodyIter(text(), 30)]
    case 'less': return [200, 'OK', {}, new BodyIter([first], 30)]
    case 'more': return [200, 'OK', {}, new BodyIter(more(), 20)]
    case 'bit-more': return [200, 'OK', {}, new BodyIter(more(), first.length)]
    default: return [200, 'OK', {}, null]
  }
}
`
const FIRST = 'The first line\n'

export const breaksOff: Behaviour = {
  id: 'breaks-off',
  title: 'what fails in the middle of a body ends it, so that the client can see it',
  alone: true,
  byHand: run => [run('server.ts', ['127.0.0.1', './wrong.ts']), `${curl('/late', '-S')}\n${curl('/short', '-S')}\n${curl('/late', '-S0')}`],
  story: world => withApp(world, BREAKS, async served => {
    for (const [how, shows] of BROKEN) {
      const peer = await served.connect()
      await peer.send(Buffer.concat([request('GET', `/${how}`), request('GET', '/behind', ['Connection: close'])]))
      const received = await peer.answer(2000)
      const [head = '', ...rest] = received.toString('latin1').split('\r\n\r\n')
      const body = rest.join('\r\n\r\n')
      const what = `a body that breaks off (${how})`
      expectSame(peer, head.split('\r\n')[0], 'HTTP/1.1 200 OK', `the first line of ${what}`)
      expectSame(peer, body, how.startsWith('chunked') ? `f\r\n${FIRST}\r\n` : FIRST, `what stands behind the head of ${what}, up to the end,`)
      await expectLog(served.program, BROKEN_OFF, shows, what)
    }
    // Without chunks and without a length, an end would look like the end.
    const old = await served.connect()
    await old.send(oldRequest('GET', '/chunked'))
    const ending = await old.answer(2000).then(() => 'an end', (error: unknown) => error instanceof Failure && error.kind === 'broke' ? 'a reset' : Promise.reject(error as Error))
    expectSame(old, ending, 'a reset', 'what a client of HTTP/1.0 gets behind a body that breaks off, without a length')
    await expectNextServed(served, 'bodies that break off')
  }),
}

const BROKEN: readonly (readonly [how: string, shows: RegExp])[] = [
  ['chunked', /there is no second line/], ['chunked-text', /a text/], ['sized', /there is no second line/], ['sized-text', /a text/],
  ['less', /30.*15|15.*30/], ['more', /20.*23|23.*20/], ['bit-more', /15.*23|23.*15/],
]

const VANISH = `
const told = []
const waiting = []
const comes = () => new Promise(resolve => waiting.push(resolve))
async function* slow() {
  try {
    yield Buffer.from('one')
    told.push('streams')
    await comes()
    yield Buffer.from('more')
    await new Promise(() => {})
  } finally {
    told.push('let-go')
  }
}
async function* endless() {
  try {
    for (told.push('endless'); ;) yield Buffer.alloc(20 << 20)
  } finally {
    told.push('let-go-too')
  }
}
export default async (session, { path: [what], body }, bodies) => {
  switch (what) {
    case 'go':
      for (const go of waiting.splice(0)) go()
      break
    case 'throws':
      told.push('throws')
      await comes()
      throw new Error('it has thrown')
    case 'reads':
      told.push('reads')
      for await (const piece of body) told.push('piece')
      break
    case 'streams':
      return [200, 'OK', {}, new bodies.ChunkedBodyIter(slow())]
    case 'endless':
      return [200, 'OK', {}, new bodies.ChunkedBodyIter(endless())]
  }
  return [200, 'OK', {}, Buffer.from(told.join(' '))]
}
`

export const clientVanishes: Behaviour = {
  id: 'client-vanishes',
  title: 'a client that vanishes is not the application\'s fault, and its body is let go',
  alone: true,
  byHand: byHand(VANISH, `timeout 1 ${curl('/endless', '-o /dev/null')}\n${curl('/told', '')}`),
  story: world => withApp(world, VANISH, async served => {
    const beside = await served.connect()
    for (const [what, wanted] of [['throws', 'throws'], ['reads', 'piece'], ['streams', 'let-go'], ['endless', 'let-go-too']] as const) {
      const peer = await served.connect()
      if (what === 'endless') peer.pause()
      await peer.send(what === 'reads' ? request('POST', '/reads', ['Content-Length: 9'], 'Hello') : request('GET', `/${what}`))
      await expectTold(beside, what === 'reads' ? 'piece' : what)
      peer.reset()
      // Two rounds on another connection: by then the server has heard of the reset.
      for (let count = 0; count < 2; count++) await ask(beside, 'GET', '/told')
      await ask(beside, 'GET', '/go')
      await expectTold(beside, wanted)
      await served.program.line(line => line.includes(`:${peer.port}`) && line.startsWith('Lost '), `Lost 127.0.0.1:${peer.port}: ECONNRESET`)
    }
    const blamed = served.program.output.seen.find(line => FAILED.test(line) || BROKEN_OFF.test(line))
    if (blamed !== undefined) throw new Failure('output', `a client has reset its connection, and your server says of the application: ${inspect(blamed)}`, { program: served.program })
    await expectNextServed(served, 'clients that have vanished')
  }),
}

async function expectTold(peer: Peer, word: string): Promise<void> {
  for (const deadline = Date.now() + 1500 * peer.patience; ;) {
    const came = await ask(peer, 'GET', '/told')
    expectStatus(peer, came, 200, 'GET /told')
    if (came.body.toString().split(' ').includes(word)) return
    if (Date.now() > deadline) {
      throw new Failure('other', `an application should have come to the point "${word}", and has come to: ${came.body.toString() || 'none'}`, { peer, certain: false })
    }
  }
}

/** What the book's server prints when an application has failed. */
const FAILED = /application failed: /i
const BROKEN_OFF = /^Broken off: /

async function expectLog(program: Program, kind: RegExp, shows: RegExp, what: string): Promise<void> {
  const line = await program.line(line => kind.test(line) && shows.test(line), `${kind === FAILED ? 'The application failed' : 'Broken off'}: …`)
    .catch((error: unknown) => {
      const said = program.output.seen.filter(line => kind.test(line)).at(-1)
      if (!(error instanceof Failure) || said === undefined) throw error
      throw new Failure('no-line', `${what}: the log should show ${shows.source}, and says ${inspect(said)}`, { ...error.evidence, program })
    })
  if (/[\x00-\x08\x0b-\x1f\x7f-\x9f]/.test(line)) throw new Failure('output', `${what}: a control character of it reached your terminal`, { program })
}
