import { inspect } from 'node:util'
import type { Behaviour } from '#workbook/check/behaviour.ts'
import { PORT } from '#workbook/check/setting.ts'
import { chunks, head, refusedAlike, type Case } from './ways.ts'

const CHUNKED = 'Transfer-Encoding: chunked'

/** Commands that send what printf writes, each behind the same beginning. */
export function sends(beginning: string, ...ends: string[]): string {
  const say = `say() { printf "${beginning}$1" \\\n  | nc -N 127.0.0.1 ${PORT} | head -1; }`
  return [say, ...ends.map(end => `say '${end}'`)].join('\n')
}

const lines = (status: number, ...all: string[]): Case[] =>
  all.map(line => [`the request line ${inspect(line)}`, head(line), status])

export const refusesRequestLines: Behaviour = {
  id: 'refuses-request-lines',
  title: 'a bad request line gets 400, an unknown method 501, another version 505',
  byHand: run => [run(), sends('', ...[
    'GET / HTTP/2.0', 'BREW / HTTP/1.1', 'get / HTTP/1.1', 'GET nowhere HTTP/1.1',
  ].map(line => `${line}\\r\\nHost: a\\r\\n\\r\\n`))],
  async story(world) {
    await world.serve()
    await refusedAlike(world, [
      ...lines(505, 'GET / HTTP/2.0', 'GET / HTTP/0.9', 'GET / HTTP/3.1'),
      ...lines(501, 'BREW / HTTP/1.1', 'get / HTTP/1.1', 'CONNECT a:443 HTTP/1.1'),
      ...lines(400, 'GET /', 'GET / HTTP/1.10', 'GET / http/1.1', 'GET  / HTTP/1.1', 'GET\t/\tHTTP/1.1', 'GET / HTTP/1.1 ', 'GET /a b HTTP/1.1', 'G(T / HTTP/1.1'),
      ...lines(400, 'GET nowhere HTTP/1.1', 'GET a:443 HTTP/1.1', 'GET * HTTP/1.1', 'GET http:///a HTTP/1.1', 'GET http://me@a/ HTTP/1.1', 'GET ftp://a/ HTTP/1.1', 'GET /a#b HTTP/1.1'),
      ...lines(400, 'GET /\x1b[2J HTTP/1.1', 'GET /\x00 HTTP/1.1', 'GET /\x7f HTTP/1.1', 'GET /\xf1 HTTP/1.1'),
      ['a request line that ends with LF alone', head('GET / HTTP/1.1').replace('\r\n', '\n'), 400],
      ['a request line with a CR in it', head('GET /\ra HTTP/1.1'), 400],
      ['two empty lines before a request', `\r\n\r\n${head('GET / HTTP/1.1')}`, 400],
      ['LF alone before a request', `\n${head('GET / HTTP/1.1')}`, 400],
    ])
  },
}

const field = (what: string, text: string): Case => [what, head('GET / HTTP/1.1', text, 'X-Last: d'), 400]

export const refusesFields: Behaviour = {
  id: 'refuses-fields',
  title: 'a field that two programs could read in two ways gets 400',
  byHand: run => [run(), sends('GET / HTTP/1.1\\r\\nHost: a\\r\\n', ...[
    'X-A : b', 'X-A: b\\r\\n c', 'X-A: b\\nX-C: d', 'X-A: \\001',
  ].map(text => `${text}\\r\\n\\r\\n`))],
  async story(world) {
    await world.serve()
    await refusedAlike(world, [
      field('a space before the colon, "X-A : b"', 'X-A : b'),
      field('a tab before the colon, "X-A\\t: b"', 'X-A\t: b'),
      field('a space before a name, " X-A: b"', ' X-A: b'),
      field('a space in a name, "X A: b"', 'X A: b'),
      field('a value that goes on in the next line, behind a space', 'X-A: b\r\n c'),
      field('a value that goes on in the next line, behind a tab', 'X-A: b\r\n\tc: d'),
      field('a line without a colon', 'X-A'),
      field('a line without a name', ': b'),
      field('a name with a bracket, "X(A): b"', 'X(A): b'),
      field('a name with the byte e4', 'X-\xe4: b'),
      field('a name with the byte 00', 'X\x00A: b'),
      ...[0x00, 0x01, 0x08, 0x0b, 0x1b, 0x7f].map(byte =>
        field(`a value with the byte ${byte.toString(16).padStart(2, '0')}`, `X-A: b${String.fromCharCode(byte)}c`)),
      field('a value that begins with the byte 0b', 'X-A: \x0bb'),
      field('a value with a CR in it', 'X-A: b\rX-B: c'),
      field('a field that ends with LF alone', 'X-A: b\nX-B: c'),
      ['an empty line that is LF alone', head('GET / HTTP/1.1').replace(/\r\n$/, '\n'), 400],
    ])
  },
}

const hosts = (what: string, ...fields: string[]): Case =>
  [what, ['GET / HTTP/1.1', ...fields, 'X-Last: d', '', ''].join('\r\n'), 400]

export const wantsAHost: Behaviour = {
  id: 'wants-a-host',
  title: 'a request of HTTP/1.1 has one Host that may be one, or it gets 400',
  byHand: run => [run(), sends('GET / HTTP/1.1\\r\\n', ...[
    '', 'Host:\\r\\n', 'Host: a\\r\\nHost: b\\r\\n',
  ].map(text => `${text}\\r\\n`))],
  async story(world) {
    await world.serve()
    await refusedAlike(world, [
      hosts('a request without a Host'),
      hosts('a request with two Hosts', 'Host: a', 'Host: b'),
      hosts('a request with two Hosts that are equal', 'Host: a', 'Host: a'),
      ...['', 'a b', 'a/b', 'a, b', 'me@a', 'a:b', 'a:1:2'].map(host => hosts(`a Host that is ${inspect(host)}`, `Host: ${host}`)),
      ['a target with a host, and no Host', 'GET http://a/ HTTP/1.1\r\nX-Last: d\r\n\r\n', 400],
    ])
  },
}

/** A POST with these fields, and a body that fits each of them. */
function framed(fields: readonly string[], body = 'Hello'): string {
  return `${head('POST /count HTTP/1.1', ...fields)}${body}`
}

const length = (text: string): Case => [`a length of ${inspect(text)}`, framed([`Content-Length: ${text}`]), 400]
const coding = (text: string, ...statuses: number[]): Case =>
  [`a Transfer-Encoding of ${inspect(text)}`, framed([`Transfer-Encoding: ${text}`], chunks('5')), ...statuses]

export const refusesFraming: Behaviour = {
  id: 'refuses-framing',
  title: 'a body whose end is not certain gets 400, an unknown coding 501',
  byHand: run => [run(), sends('POST /count HTTP/1.1\\r\\nHost: a\\r\\n', ...[
    'Content-Length: 5\\r\\nTransfer-Encoding: chunked', 'Content-Length: 5\\r\\nContent-Length: 6', 'Transfer-Encoding: gzip, chunked',
  ].map(text => `${text}\\r\\n\\r\\n0\\r\\n\\r\\n`))],
  async story(world) {
    await world.serve()
    const both = chunks('5')
    await refusedAlike(world, [
      ['a length and a transfer coding', framed(['Content-Length: 15', CHUNKED], both), 400],
      ['a transfer coding and a length', framed([CHUNKED, 'Content-Length: 15'], both), 400],
      ['a length of 0 and a transfer coding', framed(['Content-Length: 0', CHUNKED], both), 400],
      ['a transfer coding with a space before its colon, and a length', framed(['Transfer-Encoding : chunked', 'Content-Length: 15'], both), 400],
      ['a transfer coding in a second line, and a length', framed(['Transfer-Encoding:\r\n chunked', 'Content-Length: 15'], both), 400],
      ...['+5', '-5', '0x5', '5 5', '5x', '5.0', '1e1', ' ', '\x0b5', '\xa05', '99999999999999999999'].map(length),
      ['two lengths that differ', framed(['Content-Length: 5', 'Content-Length: 6']), 400],
      ['two lengths that differ, the shorter one last', framed(['Content-Length: 6', 'Content-Length: 5']), 400],
      ['two lengths that are equal', framed(['Content-Length: 5', 'Content-Length: 5']), 400],
      length('5, 5'),
      ['a transfer coding in HTTP/1.0', framed([CHUNKED], both).replace('HTTP/1.1', 'HTTP/1.0'), 400],
      coding('gzip, chunked', 501, 400), coding('gzip', 400, 501), coding('chunked, gzip', 400), coding('chunked, chunked', 501, 400),
      coding('identity', 400, 501), coding('xchunked', 400, 501), coding(' ', 400), coding('\x0bchunked', 400),
      coding('\xa0chunked', 400, 501), coding('chunked\xa0', 400, 501), coding('"chunked"', 400, 501), coding('chunked;a=b', 400, 501),
    ])
  },
}

export const wantsALength: Behaviour = {
  id: 'wants-a-length',
  title: 'a POST, PUT or PATCH without a length gets 411, another expectation 417',
  byHand: run => [run(), `curl -i -X POST http://127.0.0.1:${PORT}/\ncurl -i -H 'Expect: rain' -d Hello http://127.0.0.1:${PORT}/count`],
  async story(world) {
    await world.serve()
    await refusedAlike(world, [
      ...['POST', 'PUT', 'PATCH'].map((method): Case => [`a ${method} without a length`, head(`${method} / HTTP/1.1`), 411]),
      ['a POST to /count without a length', head('POST /count HTTP/1.1'), 411],
      ['an Expect of "rain"', framed(['Content-Length: 5', 'Expect: rain']), 417],
    ])
  },
}

const size = (text: string): Case => [`a chunk whose size is written ${inspect(text)}`, framed([CHUNKED], chunks(text)), 400]
const body = (what: string, text: string): Case => [what, framed([CHUNKED], text), 400]

export const refusesChunks: Behaviour = {
  id: 'refuses-chunks',
  title: 'a chunk that two programs could read in two ways gets 400',
  byHand: run => [run(), sends(`POST /count HTTP/1.1\\r\\nHost: a\\r\\n"\\\n"${CHUNKED}\\r\\n\\r\\n`, ...[
    '+5\\r\\nHello', '5\\nHello', '5 \\r\\nHello', '00000000000000005\\r\\nHello',
  ].map(text => `${text}\\r\\n0\\r\\n\\r\\n`))],
  async story(world) {
    await world.serve()
    await refusedAlike(world, [
      ...['+5', '-5', '0x5', '5x', '5 5', '5 ', ' 5', '', '00000000000000005', '\x0b5', '5\xa0', '5 a', '5;', '5;;a', '5;a\x00', '5;a\x0bb'].map(size),
      body('a size that ends with LF alone', '5\nHello\r\n0\r\n\r\n'),
      body('an extension with LF alone behind it', '5;a\nHello\r\n0\r\n\r\n'),
      body('an extension with a CR in it', '5;a\rb\r\nHello\r\n0\r\n\r\n'),
      body('a chunk with LF alone behind it', chunks('5', 'Hello\n')),
      body('a chunk with other bytes behind it', chunks('5', 'Hello, ')),
      body('a last chunk whose empty line is LF alone', chunks('5', 'Hello\r\n', '0\r\n\n')),
      body('a trailer with a space before its colon', chunks('5', 'Hello\r\n', '0\r\nX-A : b\r\n\r\n')),
      body('a trailer that goes on in the next line', chunks('5', 'Hello\r\n', '0\r\nX-A: b\r\n c\r\n\r\n')),
      ...['Content-Length: 5', 'Transfer-Encoding: chunked'].map(name =>
        body(`a trailer "${name}"`, chunks('5', 'Hello\r\n', `0\r\n${name}\r\n\r\n`))),
      body('a trailer with the byte 1b', chunks('5', 'Hello\r\n', '0\r\nX-A: \x1b[1m\r\n\r\n')),
    ])
  },
}
