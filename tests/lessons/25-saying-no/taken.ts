import { inspect } from 'node:util'
import type { Behaviour } from '#workbook/check/behaviour.ts'
import { Failure } from '#workbook/check/explain/failure.ts'
import { PORT } from '#workbook/check/setting.ts'
import { get, getMore, page } from '../22-a-request/page.ts'
import { response } from '../shared/http.ts'
import { sends } from './refusals.ts'
import { chunks, head, takenAlike } from './ways.ts'

export const takesTheRest: Behaviour = {
  id: 'takes-the-rest',
  title: 'what is unusual and can be read in one way only is answered, as ever',
  byHand: run => [run(), sends('', ...[
    'GET / HTTP/1.7\\r\\nHost: a\\r\\n\\r\\n', '\\r\\nGET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n', 'GET http://a/b HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n',
    'PUT / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 05\\r\\n\\r\\nHello',
  ])],
  async story(world) {
    await world.serve()
    const post = (...fields: string[]) => head('POST /count HTTP/1.1', ...fields)
    const hello = chunks('5')
    const [absolute, query] = await takenAlike(world, [
      ['a target that begins with http://', head('GET http://a:80/b/c?d HTTP/1.1'), 200],
      ['a target that is http://a?b', head('GET http://a?b HTTP/1.1'), 200],
      ['version 1.7', head('GET / HTTP/1.7'), 200],
      ['an empty line before a request', `\r\n${head('GET / HTTP/1.1')}`, 200],
      ['a value with a tab in it', head('GET / HTTP/1.1', 'X-A:\t b\tc \t'), 200],
      ['a value with the bytes c3 b1', head('GET / HTTP/1.1', 'X-A: ma\xc3\xb1ana'), 200],
      ['a value that is empty', head('GET / HTTP/1.1', 'X-A:'), 200],
      ['a name with every sign that may be in one', head('GET / HTTP/1.1', '!#$%&\'*+-.^_`|~1a: b'), 200],
      ...['a', 'a.b:80', 'a:', '127.0.0.1', '[::1]:12345', 'xn--maana-pta'].map(host =>
        [`a Host that is ${inspect(host)}`, `GET / HTTP/1.1\r\nhost: ${host}\r\n\r\n`, 200] as const),
      ['a length of "05"', `${post('Content-Length: 05')}Hello`, 200],
      ['a length of 0', post('Content-Length: 0'), 200],
      ['a DELETE without a length', head('DELETE / HTTP/1.1'), 200],
      ['a GET with a body', `${head('GET / HTTP/1.1', 'Content-Length: 5')}Hello`, 200],
      ['a coding in capitals', `${post('TRANSFER-ENCODING: CHUNKED')}${hello}`, 200],
      ['a size of twelve digits', `${post('Transfer-Encoding: chunked')}${chunks('000000000005')}`, 200],
      ['an extension behind a space', `${post('Transfer-Encoding: chunked')}${chunks('5 ;a="b"')}`, 200],
      ['a trailer', `${post('Transfer-Encoding: chunked')}${chunks('5', 'Hello\r\n', '0\r\nX-A: b\r\n\r\n')}`, 200],
    ])
    for (const [came, target] of [[absolute, '/b/c?d'], [query, '/?b']] as const) {
      if (!came || (came.body.includes(target) && !came.body.includes('http://a'))) continue
      throw new Failure('other', `a target that begins with http:// and a host is ${inspect(target)} to this server, and the page shows another one`, { received: came.bytes })
    }
    // It may leave out the Host, and the end comes behind its answer.
    const old = await world.connect()
    await old.send('GET / HTTP/1.0\r\n\r\n')
    await page(old)
  },
}

export const saysWhatIsAllowed: Behaviour = {
  id: 'says-what-is-allowed',
  title: 'another method than a target has gets 405 with Allow, and the next its answer',
  byHand: run => [run(), `curl -i http://127.0.0.1:${PORT}/echo\ncurl -i -X DELETE http://127.0.0.1:${PORT}/empty\ncurl -i -X OPTIONS --request-target '*' http://127.0.0.1:${PORT}/`],
  async story(world) {
    await world.serve()
    const wanted = [['POST'], ['POST'], ['GET', 'HEAD'], ['GET', 'HEAD'], ['GET', 'HEAD', 'POST', 'OPTIONS']]
    const answers = await takenAlike(world, [
      ['a GET of /echo', head('GET /echo HTTP/1.1'), 405],
      ['a PUT to /count', `${head('PUT /count HTTP/1.1', 'Content-Length: 5')}Hello`, 405],
      ['a DELETE of /empty', head('DELETE /empty HTTP/1.1'), 405],
      ['a POST to /same', `${head('POST /same HTTP/1.1', 'Content-Length: 5')}Hello`, 405],
      ['OPTIONS *', head('OPTIONS * HTTP/1.1'), 204, 200],
    ])
    for (const [index, came] of answers.entries()) {
      const said = came.fields.get('allow')
      const all = said?.split(/[ \t]*,[ \t]*/) ?? []
      const missing = wanted[index]?.find(method => !all.includes(method))
      if (missing === undefined) continue
      throw new Failure('other', `${came.status === 405 ? 'a 405' : 'the answer to OPTIONS *'} should have the field Allow with ${missing} in it, and has ${said === undefined ? 'no Allow' : inspect(`Allow: ${said}`)}`, { received: came.bytes })
    }
    const peer = await world.connect()
    await peer.send(getMore('/count').replace('GET', 'HEAD'))
    const came = await response(peer, { head: true })
    await peer.send(get('/'))
    await page(peer)
    if (came.status !== 405) throw new Failure('other', `a HEAD of /count should get 405, and gets ${inspect(came.lines[0])}`, { peer, received: came.bytes })
  },
}
