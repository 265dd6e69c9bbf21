import { NAME, parseFields, readFieldLines } from './fields.ts'
import type { Incoming } from './incoming.ts'
import { LIMITS } from './limits.ts'
import { BAD_REQUEST, NOT_IMPLEMENTED, Refusal } from './refusal.ts'
import { checkHost, targetIn } from './target.ts'

export type Request = Awaited<ReturnType<typeof readRequest>>

const REQUEST_LINE = /^([^ ]+) ([^ ]+) HTTP\/(\d)\.(\d)$/
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

export async function readRequest(incoming: Incoming) {
  let first = await lineOne(incoming)
  if (first === '') first = await lineOne(incoming)
  const [, method, target, major, minor] = REQUEST_LINE.exec(first) ?? []
  if (!method || !target || !NAME.test(method)) {
    throw new Refusal(BAD_REQUEST, 'a request is METHOD TARGET HTTP/1.1')
  }
  if (major !== '1') {
    throw new Refusal('505 HTTP Version Not Supported', 'this is HTTP/1.1')
  }
  if (!METHODS.includes(method)) {
    throw new Refusal(NOT_IMPLEMENTED, `no method ${method.slice(0, 20)} here`)
  }
  const version = minor === '0' ? 'HTTP/1.0' : 'HTTP/1.1'
  const fields = parseFields(await readFieldLines(incoming))
  checkHost(fields.get('host'), version)
  return { method, target: targetIn(target, method), version, fields }
}

function lineOne(incoming: Incoming): Promise<string> {
  return incoming.line(LIMITS.requestLine, '414 URI Too Long')
}
