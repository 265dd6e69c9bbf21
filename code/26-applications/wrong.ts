import type { App } from './contract.ts'

const text = { 'content-type': 'text/plain' }

// One mistake for each path.
const wrong: App = (_session, { uri }, bodies) => {
  switch (uri) {
    case '/list':
      return ['200 OK', {}, null] as never
    case '/status':
      return ['200', 'OK', text, null] as never
    case '/header':
      return [200, 'OK', { 'x-name': 'a\r\nset-cookie: b=c' }, null]
    case '/length':
      return [200, 'OK', { 'content-length': 4 }, Buffer.from('hello')]
    case '/throw':
      throw new Error('this page is not ready')
    case '/short':
      return [200, 'OK', text, new bodies.BodyIter([Buffer.from('half')], 8)]
    case '/late':
      return [200, 'OK', text, new bodies.ChunkedBodyIter(late())]
    default:
      return [404, 'Not Found', {}, null]
  }
}

function* late(): Generator<Buffer> {
  yield Buffer.from('The first line\n')
  throw new Error('there is no second line')
}

export default wrong
