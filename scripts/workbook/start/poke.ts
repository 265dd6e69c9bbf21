import { existsSync, readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

/** A start of a program, and what a lesson says to type elsewhere once it runs. */
export interface Start {
  /** The folder of the program. */
  folder: string
  /** `server`, `client`. */
  program: string
  args: readonly string[]
  env: NodeJS.ProcessEnv
}

/**
 * What to type in another terminal, for a start with options: the same command at the place that they
 * name. Programs without an options.ts, those of the first lessons, take no options.
 * @param poke for a start without options: `nc -N 127.0.0.1 12345`, or `npm run lesson:12` for a client
 * @returns undefined where no command fits: the start is going to be refused, or only prints help
 */
export function pokeFor(poke: string, { folder, program, args, env }: Start): string | undefined {
  const table = join(folder, 'options.ts')
  if (!existsSync(table) || !['server', 'client'].includes(program)) return poke
  const values = read(readFileSync(table, 'utf8'), args, program)
  if (!values) return undefined
  const { listen, to, help, host = env.HOST || DEFAULTS.host, port = env.PORT || DEFAULTS.port, ...others } = values
  const own = program === 'client' ? to : listen
  const numbers = Object.values(others)
  if (help === true || (program === 'client' ? listen : to) !== undefined || !numbers.every(isNumber)) return undefined
  if (own !== undefined) {
    return 'host' in values || 'port' in values ? undefined : atAddress(poke, program, String(own))
  }
  if (!isPlain(String(host)) || !isPort(String(port))) return undefined
  return atHost(poke, program, String(host), String(port))
}

const DEFAULTS = { host: '127.0.0.1', port: '12345' }
const PLACE = `${DEFAULTS.host} ${DEFAULTS.port}`

type Values = Record<string, string | boolean | undefined>

/** The options that were given; undefined when the program does not understand them. */
function read(table: string, args: readonly string[], program: string): Values | undefined {
  const rows = [...table.matchAll(/^ +'?([\w-]+)'?: \{ type: '(string|boolean)'/gm)]
  const options = Object.fromEntries(rows.map(([, name = '', type]) => [name, { type: type as 'string' | 'boolean' }]))
  try {
    return { ...parseArgs({ args: [...args], options, allowPositionals: program === 'client' }).values }
  } catch {
    return undefined
  }
}

function atHost(poke: string, program: string, host: string, port: string): string | undefined {
  if (program === 'server') return poke.includes(PLACE) ? poke.replace(PLACE, `${called(host)} ${port}`) : undefined
  const given = [...host === DEFAULTS.host ? [] : ['--host', host], ...port === DEFAULTS.port ? [] : ['--port', port]]
  return [poke, ...given.length > 0 ? ['--', ...given] : []].join(' ')
}

function atAddress(poke: string, program: string, address: string): string | undefined {
  const [, path] = /^unix:(\/[\w./-]+)$/.exec(address) ?? []
  if (path !== undefined) return program === 'server' ? poke.replace(PLACE, `-U ${path}`) : `${poke} -- --listen ${address}`
  const [, six, four, port = ''] = /^(?:\[([\da-fA-F:.]+)\]|([\d.]+)):(\d+)$/.exec(address) ?? []
  const host = six ?? four ?? ''
  if (isIP(host) === 0 || !isPort(port)) return undefined
  return program === 'server' ? atHost(poke, program, host, port) : `${poke} -- --listen ${six === undefined ? address : `'${address}'`}`
}

/** Whoever listens everywhere is called here. */
function called(host: string): string {
  return { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host
}

function isPlain(host: string): boolean {
  return /^[\w.:%-]+$/.test(host)
}

// Which port a 0 becomes, only the program can say.
function isPort(text: string): boolean {
  return /^[1-9]\d*$/.test(text) && Number(text) <= 65535
}

function isNumber(value: string | boolean | undefined): boolean {
  return typeof value === 'string' && /^\d+$/.test(value)
}
