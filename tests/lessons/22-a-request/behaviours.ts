import { inspect } from 'node:util'
import type { Behaviour } from '#workbook/check/behaviour.ts'
import type { Peer } from '#workbook/check/client/peer.ts'
import { Failure, TooBusy } from '#workbook/check/explain/failure.ts'
import { PORT } from '#workbook/check/setting.ts'
import { until } from '#workbook/machine/until.ts'
import { endsThere, expectNoExcess, response } from '../shared/http.ts'
import { sendPiece } from '../shared/piece.ts'
import { asksFor, expectValue, get, getMore, page, shownValue, type Page } from './page.ts'

const CURL = `curl -v http://127.0.0.1:${PORT}/`
const DATE = `curl -si http://127.0.0.1:${PORT}/ | grep -i ^Date`

export const answersGet: Behaviour = {
  id: 'answers-get',
  title: 'a GET gets 200 and a page of as many bytes as its Content-Length says',
  byHand: run => [run(), CURL],
  async story(world) {
    await world.serve()
    for (const request of [get('/'), get('/favicon.ico'), get('/ma%C3%B1ana?when=soon'), 'GET / HTTP/1.0\r\n\r\n']) {
      const page = await asksFor(world, request)
      const { peer, body, html, bytes } = page
      // What is too much comes with the page, or just behind it.
      if (peer.open) await peer.anything(300)
      expectNoExcess(peer, page)
      if (html.length < body.length) continue
      throw new Failure('other', 'the page should have an ñ in it, or another letter that is more than one byte: without one nobody sees whether bytes or letters are counted', {
        peer, received: bytes,
      })
    }
  },
}

export const endsAfterAnswer: Behaviour = {
  id: 'ends-after-answer',
  title: 'the answer says Connection: close, and the connection ends after it',
  // From lesson 24 on a client decides: says-close.
  to: 23,
  async story(world) {
    await world.serve()
    const page = await asksFor(world, getMore('/'))
    const { peer, fields, bytes } = page
    const said = fields.get('connection')
    if (said?.toLowerCase() !== 'close') {
      throw new Failure('other', `the response should have the field "Connection: close", and has ${said === undefined ? 'no Connection' : inspect(`Connection: ${said}`)}`, {
        peer, received: bytes,
      })
    }
    await endsThere(peer, page)
  },
}

export const headCut: Behaviour = {
  id: 'head-cut',
  title: 'a head that is cut at any byte, or comes byte by byte, is one request',
  byHand: run => [run(), `(printf 'GET / HT'; sleep 1; printf 'TP/1.1\\r\\nHost: a\\r\\n\\r'; sleep 1\n printf '\\n') | nc 127.0.0.1 ${PORT}`],
  async story(world) {
    const program = await world.serve()
    const request = Buffer.from('GET /a HTTP/1.1\r\nHost: b\r\nX-C: d\r\n\r\n')
    let apart = 0
    for (let at = 1; at < request.length; at++) {
      const peer = await world.connect()
      if (await sendPiece(program, peer, request.subarray(0, at))) apart++
      await peer.send(request.subarray(at))
      expectCame(await page(peer))
    }
    const peer = await world.connect()
    for (let at = 0; at < request.length; at++) await sendPiece(program, peer, request.subarray(at, at + 1))
    expectCame(await page(peer))
    if (apart < request.length / 2) throw new TooBusy()
  },
}

/** Its last field is there, whatever stands round the value. */
function expectCame(page: Page): void {
  if (shownValue(page, 'x-c')?.trim() !== 'd') expectValue(page, 'x-c', 'd')
}

export const showsTheRequest: Behaviour = {
  id: 'shows-the-request',
  title: 'the page shows the method, the target and each field of the request',
  byHand: run => [run(), `curl -H 'X-Word: anything' 'http://127.0.0.1:${PORT}/a/b?c=d'`],
  async story(world) {
    await world.serve()
    const word = world.random.word()
    const target = `/${word}?a=b`
    for (const method of ['GET', 'DELETE']) {
      const page = await asksFor(world, get(target, 'User-Agent: nobody', `X-Word: ${word}`).replace('GET', method))
      const text = page.texts.join(' ')
      for (const [what, part] of [['method', method], ['target', target]]) {
        if (!text.includes(part ?? '')) throw new Failure('other', `the page should show the ${what}, ${part}, and does not`, { peer: page.peer, received: page.bytes })
      }
      expectValue(page, 'host', '127.0.0.1:12345')
      expectValue(page, 'user-agent', 'nobody')
      expectValue(page, 'x-word', word)
    }
  },
}

export const valuesWhole: Behaviour = {
  id: 'values-whole',
  title: 'a value is all behind the first colon, without the white space round it',
  byHand: run => [run(), `printf %b 'GET / HTTP/1.1\\r\\nHost: a\\r\\n' \\\n  'X-A: \\t a:b \\t\\r\\nX-B:b\\r\\nX-C:\\r\\n\\r\\n' | nc 127.0.0.1 ${PORT}`],
  async story(world) {
    await world.serve()
    const fields: readonly (readonly [name: string, written: string, value: string])[] = [
      ['x-tight', 'tight', 'tight'],
      ['x-colons', ' a:b: c::', 'a:b: c::'],
      ['x-blanks', ' \t many\t  words \t ', 'many\t  words'],
      ['x-nothing', '', ''],
      ['x-blank', ' \t ', ''],
      ['x-one', ' 1', '1'],
      // What is white space to JavaScript and not to HTTP: a no-break space, as UTF-8.
      ['x-no-break', ' a\u00a0', 'a'],
    ]
    const page = await asksFor(world, get('/', ...fields.map(([name, written]) => `${name}:${written}`)))
    for (const [name, , value] of fields.slice(0, -1)) expectValue(page, name, value)
    expectKept(page)
  },
}

/** However bytes become letters, the last of them is still there. */
function expectKept(page: Page): void {
  const shown = shownValue(page, 'x-no-break')
  if (shown === undefined || /^a.*[\u00a0\ufffd]$/.test(shown)) return
  throw new Failure('other', 'white space round a value is the blank and the tab and nothing else, and a no-break space was taken from its end', {
    peer: page.peer, received: page.bytes,
  })
}

export const namesFolded: Behaviour = {
  id: 'names-folded',
  title: 'a name in capitals or small letters is one name; its values are joined',
  byHand: run => [run(), `curl -H 'X-List: one' -H 'x-LIST: two' http://127.0.0.1:${PORT}/`],
  async story(world) {
    await world.serve()
    const page = await asksFor(world, get('/', 'X-List: one', 'aCCept: a/b', 'x-LIST: two', 'ACCEPT: c/d', 'X-LIST: three, four', 'constructor: 1'))
    expectValue(page, 'x-list', 'one, two, three, four')
    expectValue(page, 'accept', 'a/b, c/d')
    expectValue(page, 'constructor', '1')
  },
}

export const pageEscaped: Behaviour = {
  id: 'page-escaped',
  title: 'what a client sends stands in the page as text, and never as HTML',
  byHand: run => [run(), `curl -H 'X-Bold: <b>bold</b>' \\\n  'http://127.0.0.1:${PORT}/<script>alert(1)</script>'`],
  async story(world) {
    await world.serve()
    const target = '/<script>alert(1)</script>'
    const value = '<b title="a">&amp; \'bold\'</b>'
    const page = await asksFor(world, get(target, `X-Bold: ${value}`))
    for (const tag of ['<script>alert', '<b title']) {
      if (page.html.includes(tag)) throw new Failure('other', `"${tag}" was sent by a client, and it has become part of the page's HTML`, { peer: page.peer, received: page.bytes })
    }
    const text = page.texts.join('\n')
    if (!text.includes(target)) throw new Failure('other', `the page should show ${target} as text, and does not`, { peer: page.peer, received: page.bytes })
    expectValue(page, 'x-bold', value)
  },
}

export const dateIsNow: Behaviour = {
  id: 'date-is-now',
  title: 'Date is the moment of the answer, in the one form that HTTP has for it',
  byHand: run => [run(), `${DATE}; sleep 3\n${DATE}; LC_ALL=C date -u`],
  async story(world) {
    await world.serve()
    let before = 0
    for (let count = 0; count < 2; count++) {
      // In another second, a Date that was kept is seen.
      await until(() => thisSecond() > before, 2000)
      before = thisSecond()
      const { peer, fields, bytes } = await asksFor(world, get('/'))
      const said = fields.get('date')
      const evidence = { peer, received: bytes }
      if (said === undefined) throw new Failure('other', 'the response has no Date', evidence)
      const moment = Date.parse(said)
      if (!DATE_RE.test(said) || new Date(moment).toUTCString() !== said) {
        throw new Failure('other', `Date should look like "${new Date(before).toUTCString()}", and is ${inspect(said)}`, evidence)
      }
      if (moment < before || moment > Date.now()) {
        throw new Failure('other', `Date should be ${new Date(before).toUTCString()}, and is ${said}`, evidence)
      }
    }
  },
}

function thisSecond(): number {
  return Math.floor(Date.now() / 1000) * 1000
}

export const refusesBadHeads: Behaviour = {
  id: 'refuses-bad-heads',
  title: 'what is no head gets 400 and the end, and the next client its page',
  byHand: run => [run(), `printf 'GET /\\r\\n\\r\\n' | nc 127.0.0.1 ${PORT}\nprintf 'GET / HTTP/1.1\\r\\nno colon\\r\\n\\r\\n' | nc 127.0.0.1 ${PORT}\n${CURL}`],
  async story(world) {
    await world.serve()
    for (const head of NO_HEADS) {
      const peer = await world.connect()
      await peer.send(`${head}\r\n\r\n`)
      await expectRefused(peer, inspect(head))
    }
    await asksFor(world, get('/'))
  },
}

export const refusesLongHeads: Behaviour = {
  id: 'refuses-long-heads',
  title: 'a head of more than 16 KiB is refused before its end, and one of 15 is not',
  byHand: run => [run(), `head -c 100000 /dev/zero | tr '\\0' x | nc 127.0.0.1 ${PORT} | head -1\ncurl -sSH "X: $(head -c 15000 /dev/zero | tr '\\0' x)" \\\n  http://127.0.0.1:${PORT}/ | wc -c`],
  async story(world) {
    await world.serve()
    const long = await asksFor(world, get('/', `X-Long: ${'x'.repeat(15 * 1024)}`))
    expectNoExcess(long.peer, long)
    // Without an end: it cannot be waited for. More than fits in one piece comes behind it, and nobody reads it.
    const peer = await world.connect()
    void peer.send(`GET / HTTP/1.1\r\nX-Long: ${'x'.repeat(200_000)}`).catch(() => {})
    await expectRefused(peer, 'a head of 200,000 bytes')
    await asksFor(world, get('/'))
  },
}

export const leavesEarly: Behaviour = {
  id: 'leaves-early',
  title: 'a client that leaves without a word or in the middle of one costs nothing',
  byHand: run => [run(), `nc -N 127.0.0.1 ${PORT} </dev/null\nprintf 'GET / HT' | nc -N 127.0.0.1 ${PORT}\n${CURL}`],
  async story(world) {
    const program = await world.serve()
    const silent = await world.connect()
    silent.end()
    const said = await silent.answer(2000)
    if (said.length > 0) {
      throw new Failure('differs', `a client that has asked for nothing and left is answered all the same: ${inspect(said.toString().split('\r\n')[0])}`, {
        peer: silent, received: said,
      })
    }
    const half = await world.connect()
    await half.send('GET / HTTP/1.1\r\nHos')
    half.end()
    await expectRefused(half, 'a head that breaks off')
    const rude = await world.connect()
    await sendPiece(program, rude, 'GET / HTTP/1.1\r\nHos')
    rude.reset()
    await asksFor(world, get('/'))
    if (!program.running) throw new Failure('ended', 'your program ended', { program })
  },
}

export const sideBySide: Behaviour = {
  id: 'side-by-side',
  title: 'while one client is in the middle of its head, another gets its page',
  async story(world) {
    const program = await world.serve()
    const slow = await world.connect()
    await sendPiece(program, slow, 'GET /slow HTTP/1.1\r\nHost: a\r\nX-Who: slo')
    const quick = await asksFor(world, get('/quick', 'X-Who: quick'))
    expectValue(quick, 'x-who', 'quick')
    await slow.send('w\r\n\r\n')
    expectValue(await page(slow), 'x-who', 'slow')
  },
}

export const printsRequests: Behaviour = {
  id: 'prints-requests',
  title: 'each request is printed, and no byte of it steers a terminal',
  // From lesson 25 on such a target is refused.
  to: 24,
  byHand: run => [run(), `printf 'GET /\\033[2J\\007boo HTTP/1.1\\r\\n\\r\\n' | nc 127.0.0.1 ${PORT}`],
  async story(world) {
    const program = await world.serve()
    const word = world.random.word()
    await asksFor(world, get(`/${word}`))
    await program.says(`Request: 'GET /${word}'`)
    await asksFor(world, get(`/\x1b[2J\x07${word}x`))
    const line = await program.line(line => line.includes(`${word}x`), `Request: 'GET /\\x1B[2J\\x07${word}x'`)
    const [raw] = /[\x00-\x1f\x7f-\x9f]/.exec(line) ?? []
    if (raw === undefined) return
    throw new Failure('output', `the byte ${raw.charCodeAt(0).toString(16).padStart(2, '0')} reached your terminal as it was`, { program })
  },
}

/** What begins to hold in lesson 22, in the order in which it is told. */
export const behaviours: readonly Behaviour[] = [
  answersGet, endsAfterAnswer, headCut, showsTheRequest, valuesWhole, namesFolded, pageEscaped, dateIsNow,
  refusesBadHeads, refusesLongHeads, leavesEarly, sideBySide, printsRequests,
]

/** Expects the refusal of a client, in a response that is complete, and the end behind it. */
export async function expectRefused(peer: Peer, what: string): Promise<void> {
  const refusal = await response(peer)
  const { status, lines, bytes } = refusal
  if (!REFUSALS.includes(status)) {
    throw new Failure('other', `${what} should be answered with "400 Bad Request", and is with ${inspect(lines[0])}`, { peer, received: bytes })
  }
  await endsThere(peer, refusal)
}

// Some of what is refused here gets a number of its own in lesson 25.
const REFUSALS = [400, 431, 505]

const DATE_RE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT$/

const NO_HEADS = [
  'GET /', 'GET', 'Hello', 'GET  / HTTP/1.1', ' GET / HTTP/1.1', 'GET / HTTP/1.1 ', 'GET / HTTP/1.1 please', 'GET\t/\tHTTP/1.1',
  'GET / HTTP/2.0', 'GET / HTTP/0.9', 'GET / http/1.1', 'GET / HTTP/1.10', 'GET / HTTPS/1.1',
  'GET / HTTP/1.1\r\nno colon', 'GET / HTTP/1.1\r\nHost: a\r\nX\r\nY: z', 'GET / HTTP/1.1\r\n: no name',
]
