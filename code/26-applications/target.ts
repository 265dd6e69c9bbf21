import { BAD_REQUEST, Refusal } from './refusal.ts'

const ORIGIN = /^\/[!"$-~]*$/
const ABSOLUTE = /^http:\/\/([^/?]+)(\/[!"$-~]*|\?[!"$-~]*|)$/i
const HOST = /^(?:[\w.~!$&'()*+,;=%-]+|\[[\da-f:.]+\])(?::\d{0,5})?$/i

export function targetIn(raw: string, method: string): string {
  if (ORIGIN.test(raw) || (raw === '*' && method === 'OPTIONS')) return raw
  const [, host, rest] = ABSOLUTE.exec(raw) ?? []
  if (host === undefined || rest === undefined || !HOST.test(host)) {
    throw new Refusal(BAD_REQUEST, 'a target is a path, or http:// and so on')
  }
  return rest.startsWith('/') ? rest : `/${rest}`
}

export function checkHost(host: string | undefined, version: string): void {
  if (host === undefined && version === 'HTTP/1.0') return
  if (host === undefined || !HOST.test(host)) {
    throw new Refusal(BAD_REQUEST, 'a request has one Host')
  }
}
