import { readFileSync } from 'node:fs'
import { NcError } from './error.ts'

/** What a command line of nc asks for, in the letters of nc(1). */
export interface NcOptions {
  /** -4, -6: the only address family; 0 is either */
  family: 0 | 4 | 6
  /** -C: a lone LF that is sent becomes CR LF */
  crlf: boolean
  /** -d: standard input is not read */
  detached: boolean
  keep: boolean
  listen: boolean
  /** -N: the connection is half-closed at the end of standard input */
  halfClose: boolean
  /** -n: no names, neither of hosts nor of ports */
  numeric: boolean
  /** -q: seconds to wait at the end */
  linger: number
  /** -w: seconds without a byte, or without an answer to a connect, until it gives up */
  timeout: number | undefined
  unix: boolean
  verbose: boolean
  scan: boolean
  /** Where to connect to, or the local address to listen on. With -U a path. */
  host: string | undefined
  ports: number[]
  /** -s and -p: the local address and port of a connection that is made */
  source: { address: string | undefined, port: number | undefined }
}

const ALONE = '46CdhklNnUvz'
const WITH_VALUE = 'pqsw'
// What OpenBSD's nc knows besides; these are understood well enough to be refused by name.
const MISSING = 'bDFIiMmOPrSTtuVWXxZ'

const FLAGS_RE = new RegExp(`^-[${ALONE}]*(?:[${WITH_VALUE}].*)?$`)

/** Whether this nc has the options of a word such as `-lvn`, so that others can be left to a real one. */
export function hasNcFlags(word: string): boolean {
  return FLAGS_RE.test(word)
}

export const USAGE = `usage: nc [-${ALONE}] [-p source_port] [-q seconds] [-s sourceaddr]
          [-w timeout] [destination] [port]`

export const HELP = `${USAGE}
        Command Summary:
                -4              Use IPv4
                -6              Use IPv6
                -C              Send CRLF as line-ending
                -d              Detach from stdin
                -h              This help text
                -k              Keep inbound sockets open for multiple connects
                -l              Listen mode, for inbound connects
                -N              Shutdown the network socket after EOF on stdin
                -n              Suppress name/port resolutions
                -p port         Specify local port for remote connects
                -q secs         As -N, and quit secs after the end
                -s addr         Local source address
                -U              Use UNIX domain socket
                -v              Verbose
                -w timeout      Timeout for connects and final net reads
                -z              Zero-I/O mode [used for scanning]
        Port numbers can be individual or ranges: lo-hi [inclusive]`

/**
 * Reads a command line as OpenBSD's nc does: letters may be joined, a value may follow at once.
 * @returns 'help' for -h
 * @throws NcError with nc's own words
 */
export function parseOptions(argv: readonly string[]): NcOptions | 'help' {
  const { flags, values, words } = getopt(argv)
  if (flags.has('h')) return 'help'
  const has = (flag: string) => flags.has(flag)
  const linger = number(values.get('q'), 'quit timer', -(2 ** 31))
  const timeout = number(values.get('w'), 'timeout', 0)
  const options: NcOptions = {
    family: has('6') ? 6 : has('4') ? 4 : 0,
    crlf: has('C'),
    detached: has('d'),
    keep: has('k'),
    listen: has('l'),
    halfClose: has('N') || (linger ?? -1) >= 0,
    numeric: has('n'),
    linger: Math.max(linger ?? 0, 0),
    timeout: timeout === 0 ? undefined : timeout,
    unix: has('U'),
    verbose: has('v'),
    scan: has('z'),
    host: undefined,
    ports: [],
    source: { address: values.get('s'), port: undefined },
  }
  return withDestination(options, words, values.get('p'))
}

function getopt(argv: readonly string[]): { flags: Set<string>, values: Map<string, string>, words: string[] } {
  const flags = new Set<string>()
  const values = new Map<string, string>()
  const words: string[] = []
  const rest = [...argv]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') return { flags, values, words: [...words, ...rest] }
    if (!word.startsWith('-') || word === '-') {
      words.push(word)
      continue
    }
    for (let at = 1; at < word.length; at++) {
      const flag = word.charAt(at)
      if (ALONE.includes(flag)) {
        flags.add(flag)
      } else if (WITH_VALUE.includes(flag)) {
        const value = word.slice(at + 1) || rest.shift()
        if (value === undefined) throw new NcError(`option requires an argument -- '${flag}'`, { usage: true })
        values.set(flag, value)
        break
      } else if (MISSING.includes(flag)) {
        throw new NcError(`-${flag} is not in this small nc; a full one has it (npm run doctor says how to get it)`)
      } else {
        throw new NcError(`invalid option -- '${flag}'`, { usage: true })
      }
    }
  }
  return { flags, values, words }
}

function withDestination(options: NcOptions, words: string[], localPort: string | undefined): NcOptions {
  const { listen, unix, numeric } = options
  if (listen && options.scan) throw new NcError('cannot use -z and -l')
  if (options.keep && !listen) throw new NcError('must use -l with -k')
  if (unix) {
    const [path] = words
    if (path === undefined) throw listen ? new NcError('missing socket pathname') : new NcError(undefined, { usage: true })
    if (words.length > 1) throw new NcError('cannot use port with -U')
    return { ...options, host: path }
  }
  if (words.length === 0 && !listen) throw new NcError(undefined, { usage: true })
  if (listen) {
    const port = words.length > 1 ? words[1] : words[0] ?? localPort
    const host = words.length > 1 ? words[0] : options.source.address
    if (port === undefined) throw new NcError('missing port number')
    if (words.length > 2) throw new NcError(undefined, { usage: true })
    return { ...options, host, ports: [portNumber(port, numeric)] }
  }
  const [host, ...ports] = words
  if (ports.length === 0) throw new NcError('missing port number')
  const source = {
    address: options.source.address,
    port: localPort === undefined ? undefined : portNumber(localPort, numeric),
  }
  return { ...options, host, ports: ports.flatMap(port => portRange(port, numeric)), source }
}

function portRange(text: string, numeric: boolean): number[] {
  const [, from, to] = /^(\d+)-(\d+)$/.exec(text) ?? []
  if (from === undefined || to === undefined) return [portNumber(text, numeric)]
  const [first, last] = [portNumber(from, numeric), portNumber(to, numeric)].sort((a, b) => a - b)
  if (first === undefined || last === undefined) return []
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

function portNumber(text: string, numeric: boolean): number {
  const service = numeric ? undefined : services().get(text)
  if (service !== undefined) return service
  const port = number(text, 'port number', 1, 65535)
  return port ?? 0
}

// strtonum(3) and its words.
function number(text: string | undefined, what: string, least: number, most = 2 ** 31 - 1): number | undefined {
  if (text === undefined) return undefined
  if (!/^\s*[-+]?\d+$/.test(text)) throw new NcError(`${what} invalid: ${text}`)
  const value = Number(text)
  if (value < least) throw new NcError(`${what} too small: ${text}`)
  if (value > most) throw new NcError(`${what} too large: ${text}`)
  return value
}

/** The TCP services of services(5) by name; none where the system has no such file. */
function services(): Map<string, number> {
  const found = new Map<string, number>()
  try {
    for (const [, name, port] of readFileSync('/etc/services', 'utf8').matchAll(/^([\w.+-]+)\s+(\d+)\/tcp/gm)) {
      if (name !== undefined) found.set(name, Number(port))
    }
  } catch {
    // Then ports have numbers only.
  }
  return found
}

/** The name of a TCP port, `*` if it has none. */
export function serviceName(port: number, numeric: boolean): string {
  const named = numeric ? [] : [...services()]
  return named.find(([, number]) => number === port)?.[0] ?? '*'
}
