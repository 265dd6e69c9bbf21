import type { IncomingMessage, ServerResponse } from 'node:http'
import { HEAD_SCRIPT_HASH } from '../layout/head-script.ts'

/**
 * What the pages may do: run our script (and the search's WebAssembly), use our style sheets with the
 * fonts inside them, and nothing from anywhere else.
 */
const CONTENT_SECURITY_POLICY = [
  'default-src \'none\'',
  `script-src 'self' 'wasm-unsafe-eval' ${HEAD_SCRIPT_HASH}`,
  'style-src \'self\'',
  'font-src data:',
  'img-src \'self\' data:',
  'connect-src \'self\'',
  'worker-src \'self\'',
  'base-uri \'none\'',
  'form-action \'none\'',
  'frame-ancestors \'none\'',
].join('; ')

const HEADERS = {
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

/**
 * Lets a request pass, or answers it. Listening on 127.0.0.1 alone does not keep other sites out: a
 * page from anywhere may name a host that resolves to 127.0.0.1 (DNS rebinding), and the browser
 * would then call our answers that page's own. Hence only our own names.
 * @returns whether the request may go on
 */
export function admit(request: IncomingMessage, response: ServerResponse): boolean {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value)
  if (!namesOf(request.socket.localPort ?? 0).includes(request.headers.host ?? '')) {
    refuse(response, 403, 'This server answers to its own names only: 127.0.0.1, localhost and [::1], with its port.')
    return false
  }
  return true
}

/**
 * Lets a request pass that only reads, or answers it.
 * @returns whether the request may go on
 */
export function admitReading(request: IncomingMessage, response: ServerResponse): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD')
    refuse(response, 405, 'This server only hands out pages.')
    return false
  }
  return true
}

function namesOf(port: number): string[] {
  const hosts = ['127.0.0.1', 'localhost', '[::1]']
  // A browser leaves the port out where it is the usual one.
  return hosts.flatMap(host => port === 80 ? [host, `${host}:80`] : [`${host}:${port}`])
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' })
  response.end(`${text}\n`)
}
