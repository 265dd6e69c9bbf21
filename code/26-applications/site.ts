import { createHash } from 'node:crypto'
import type { App, AppRequest, Response } from './contract.ts'
import hello from './hello.ts'
import { pageFor } from './page.ts'

const OCTETS = { 'content-type': 'application/octet-stream' }
const ALLOWED: Record<string, string> = {
  '/echo': 'POST',
  '/count': 'POST',
  '/empty': 'GET, HEAD',
  '/same': 'GET, HEAD',
  '/session': 'GET, HEAD',
}
const ALL = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'

const site: App = async (session, request, bodies) => {
  const { uri, method, body } = request
  const allowed = ALLOWED[uri] ?? ALL
  if (!allowed.split(', ').includes(method)) {
    return text(request, '405 Method Not Allowed\n', 405, { allow: allowed })
  }
  switch (uri) {
    case '/hello':
      return await hello(session, request, bodies)
    case '/echo':
      if (body) body.limit = Infinity
      return [200, 'OK', OCTETS, new bodies.ChunkedBody(body ?? [])]
    case '/count':
      return text(request, await countOf(body ?? []))
    case '/empty':
      return [204, 'No Content', {}, null]
    case '/same':
      return [304, 'Not Modified', {}, null]
    case '/session':
      return text(request, `${session.client.join(' ')}\n${session.requests}\n`)
    case '*':
      return [204, 'No Content', { allow: ALL }, null]
    default:
      return page(request)
  }
}

function page(request: AppRequest): Response {
  const method = request.method === 'HEAD' ? 'GET' : request.method
  return text(request, pageFor({ ...request, method }), 200, {}, 'text/html')
}

function text(
  request: AppRequest, content: string, status = 200,
  more: Record<string, string> = {}, type = 'text/plain',
): Response {
  const body = Buffer.from(content)
  const headers = {
    ...more, 'content-type': `${type}; charset=utf-8`,
    'content-length': body.length,
  }
  const reason = status === 200 ? 'OK' : 'Method Not Allowed'
  return [status, reason, headers, request.method === 'HEAD' ? null : body]
}

async function countOf(
  body: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<string> {
  const hash = createHash('sha256')
  let size = 0
  for await (const piece of body) {
    hash.update(piece)
    size += piece.length
  }
  return `${size} bytes, sha-256 ${hash.digest('hex')}\n`
}

export default site
