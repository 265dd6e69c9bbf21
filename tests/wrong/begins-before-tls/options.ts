import { isIP } from 'node:net'
import { inspect, parseArgs } from 'node:util'
import { parseAddress, refuse, wholeNumber, type Address } from './address.ts'

const HELP = `Options, and what they are without being given:
  --listen ADDRESS  where the server listens, in one word, such as [::1]:80
  --to ADDRESS      whom the client calls, in one word
  --host HOST       where to listen, or whom to call (127.0.0.1)
  --port PORT       at which port, 0 to 65535 (12345)
  --backlog NUMBER  how many clients may wait at the server's door (511)
  --timeout SECONDS how long a client may be idle, 1 to 86400 (15)
  --max-connections NUMBER  how many clients are served at once (25)
  --grace SECONDS   how long clients may finish once it is told to stop (5)
  --cert FILE       the server's certificate (certs/server.crt)
  --key FILE        the key that belongs to it (certs/server.key)
  --ca FILE         whose certificates the client trusts (certs/server.crt)
  --name NAME       what the server must prove to be called (its host)
  --help            print this and do nothing
HOST and PORT in the environment replace what stands in brackets.
ADDRESS is 127.0.0.1:80, [::1]:80, unix:/tmp/x.sock or abstract:x.`

const OPTIONS = {
  listen: { type: 'string' },
  to: { type: 'string' },
  host: { type: 'string' },
  port: { type: 'string' },
  backlog: { type: 'string', default: '511' },
  timeout: { type: 'string', default: '15' },
  'max-connections': { type: 'string', default: '25' },
  grace: { type: 'string', default: '5' },
  cert: { type: 'string', default: 'certs/server.crt' },
  key: { type: 'string', default: 'certs/server.key' },
  ca: { type: 'string', default: 'certs/server.crt' },
  name: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const

export type Options = NonNullable<ReturnType<typeof readOptions>>

export function readOptions(isClient = false) {
  try {
    const config = { options: OPTIONS, allowPositionals: isClient }
    const { values, positionals } = parseArgs(config)
    if (values.help) {
      console.log(HELP)
      return undefined
    }
    const { listen, to, host, port, name, 'max-connections': most } = values
    if (name === '' || isIP(name ?? '')) refuse(`${inspect(name)} is no name`)
    const [own, other] = isClient ? [to, listen] : [listen, to]
    if (other !== undefined) refuse('a server takes --listen, a client --to')
    if (own !== undefined && (host ?? port) !== undefined) {
      refuse('an address is host and port in one')
    }
    return {
      address: own === undefined ? hostAndPort(host, port) : parseAddress(own),
      backlog: wholeNumber('backlog', values.backlog, 1),
      timeout: wholeNumber('timeout', values.timeout, 1, 86_400),
      maxConnections: wholeNumber('number of connections', most, 1, 1e6),
      grace: wholeNumber('grace', values.grace, 0, 86_400),
      papers: { cert: values.cert, key: values.key },
      ca: values.ca,
      name,
      words: positionals,
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (!code?.startsWith('ERR_PARSE_ARGS')) throw error
    console.error(`Not understood: ${message.split('\n')[0]}`)
    process.exitCode = 2
    return undefined
  }
}

function hostAndPort(host?: string, port?: string): Address {
  const { HOST, PORT } = process.env
  if (host === '') refuse('the host is empty')
  return {
    host: host || HOST || '127.0.0.1',
    port: wholeNumber('port', port ?? (PORT || '12345'), 0),
  }
}
