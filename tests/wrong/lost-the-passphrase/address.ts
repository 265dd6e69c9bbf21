import { isIPv4, isIPv6 } from 'node:net'
import { normalize } from 'node:path/posix'
import { inspect } from 'node:util'

export type Address = { host: string, port: number } | { path: string }

export function parseAddress(text: string): Address {
  const [, kind, name = ''] = /^(unix|abstract):(\P{Cc}+)$/u.exec(text) ?? []
  if (kind === 'unix') return { path: checkFile(name) }
  if (kind === 'abstract') return { path: checkLength(`\0${name}`) }
  const [, six = '', four = '', port = ''] = TCP_RE.exec(text) ?? []
  if (!isIPv6(six) && !isIPv4(four)) {
    refuse(`${inspect(text, { breakLength: Infinity })} is no address`)
  }
  if (/^fe[89ab].:/i.test(six) && !six.includes('%')) {
    refuse(`${six} is on every link: name one, as in ${six}%eth0`)
  }
  return { host: six || four, port: wholeNumber('port', port, 0) }
}

export function printAddress(address: Address): string {
  if (!('path' in address)) {
    const { host, port } = address
    return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
  }
  const { path } = address
  return path[0] === '\0' ? `abstract:${path.slice(1)}` : `unix:${path}`
}

const TCP_RE = /^(?:\[(.+)\]|([^:]+)):(.*)$/

function checkFile(path: string): string {
  const isPlain = path.startsWith('/') && normalize(path) === path
  if (isPlain && !path.endsWith('/')) return checkLength(path)
  return refuse(`${path} is no plain path from / on`)
}

function checkLength(path: string): string {
  const length = Buffer.byteLength(path)
  if (length <= 103) return path
  return refuse(`a path has at most 103 bytes, and this has ${length}`)
}

export function wholeNumber(
  name: string, text: string, least: number, most = 65535,
) {
  const number = Number(text)
  const isWhole = Number.isInteger(number) && String(number) === text
  if (isWhole && number >= least && number <= most) return number
  const range = `from ${least} to ${most}`
  const shown = inspect(text, { breakLength: Infinity })
  return refuse(`the ${name} is ${range}, not ${shown}`)
}

export function refuse(message: string): never {
  throw Object.assign(new Error(message), { code: 'ERR_PARSE_ARGS_VALUE' })
}
