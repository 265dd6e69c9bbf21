import type { IncomingMessage } from 'node:http'

/** The path that is asked for. Anything may be: `//` looks like a host without a name, and is no reason to end. */
export function pathOf({ url = '/' }: IncomingMessage): string {
  const address = url.startsWith('/') ? `http://x${url}` : url
  return URL.canParse(address) ? new URL(address).pathname : '/'
}
