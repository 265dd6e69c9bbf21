import { change } from '#workbook/check/change.ts'
import type { Unusual } from '#workbook/check/lesson.ts'

/** Servers that were written in another way. */
export const unusual: readonly Unusual[] = [
  {
    // A switch, other names, the fields in another order, and a length that is left to the server.
    name: 'another-hello',
    program: [
      change('hello.ts', `  if (method !== 'GET' && method !== 'HEAD') {
    return [405, 'Method Not Allowed', { allow: 'GET, HEAD' }, null]
  }
  const body = Buffer.from('hello, world')
  const fields = { 'content-length': body.length, 'content-type': 'text/plain' }
  return [200, 'OK', fields, method === 'GET' ? body : null]
`, `  const type = { 'content-type': 'text/plain' }
  switch (method) {
    case 'GET':
      return [200, 'Fine', type, new TextEncoder().encode('hello, world')]
    case 'HEAD':
      return [200, 'Fine', { ...type, 'content-length': '12' }, null]
    default:
      return [405, 'No', { allow: 'HEAD,GET', 'content-length': 0 }, null]
  }
`),
    ],
  },
  {
    // By hand, without decodeURIComponent's exceptions, and every answer ends with a word about the connection.
    name: 'decodes-by-hand-and-says-keep-alive',
    program: [
      change('path.ts', `  try {
    return decodeURIComponent(raw)
  } catch {
    return undefined
  }
`, `  if (/%(?![\\da-f]{2})/i.test(raw)) return undefined
  const bytes = raw.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  const text = Buffer.from(bytes, 'latin1')
  return text.equals(Buffer.from(text.toString())) ? text.toString() : undefined
`),
      change('exchange.ts', 'this.stays ? fields : {', 'this.stays ? { ...fields, Connection: \'keep-alive\' } : {'),
    ],
  },
]
