import type { AppRequest, RequestStream } from './contract.ts'
import type { Exchange } from './exchange.ts'
import { LIMITS } from './limits.ts'
import { segmentsOf } from './path.ts'
import { Body, ChunkedBody, type Pieces } from './wrappers.ts'

export function appRequest(exchange: Exchange): AppRequest {
  const { method, target: uri, fields } = exchange.request
  const at = uri.indexOf('?')
  return {
    method,
    uri,
    script: [],
    path: segmentsOf(at < 0 ? uri : uri.slice(0, at)),
    query: at < 0 ? null : uri.slice(at + 1),
    headers: Object.assign(Object.create(null), Object.fromEntries(fields)),
    body: streamOf(exchange),
  }
}

function streamOf({ body, conn }: Exchange): RequestStream | null {
  if (body.length === 0) return null
  const pieces: Pieces = {
    [Symbol.asyncIterator]: () =>
      body.read(conn, stream.limit)[Symbol.asyncIterator](),
  }
  const wrapped = body.length === 'chunked'
    ? new ChunkedBody(pieces) : new Body(pieces, body.length)
  const stream = Object.assign(wrapped, { limit: LIMITS.body })
  return stream
}
