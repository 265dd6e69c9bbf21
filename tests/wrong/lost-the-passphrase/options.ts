import { isIP } from 'node:net'
import { inspect, parseArgs } from 'node:util'
import { parseAddress, refuse, wholeNumber, type Address } from './address.ts'
import { checkTlsConfig } from './tls-options.ts'

const HELP = `Options, and what they are without being given:
  --listen ADDRESS  where the server listens, in one word, such as [::1]:80
  --to ADDRESS      whom the client calls, in one word
  --host HOST       where to listen, or whom to call (127.0.0.1)
  --port PORT       at which port, 0 to 65535 (12345)
  --backlog NUMBER  how many clients may wait at the server's door (511)
  --timeout SECONDS how long a client may be idle, 1 to 86400 (15)
  --max-connections NUMBER  how many clients are served at once (25)
  --grace SECONDS   how long clients may finish once it is told to stop (5)
  --cert FILE       what one shows (certs/server.crt, or certs/client.crt)
  --key FILE        its key (certs/server.key, or certs/client.key)
  --passphrase-file FILE  what opens a locked key; without it, PASSPHRASE in
                    the environment, or the terminal is asked
  --ca FILE         who vouches for the other (certs/ca.crt for the server, and
                    certs/server.crt for the client)
  --ca-path FOLDER  the same: each .crt in that folder
  --allow-unauthenticated-clients  nobody has to vouch for a client
  --turn-away NAME  a client to turn away; may be given more than once
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
  cert: { type: 'string' },
  key: { type: 'string' },
  'passphrase-file': { type: 'string' },
  ca: { type: 'string' },
  'ca-path': { type: 'string' },
  'allow-unauthenticated-clients': { type: 'boolean' },
  'turn-away': { type: 'string', multiple: true },
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
    const { cert, key, ca, 'ca-path': caPath } = values
    const anybody = values['allow-unauthenticated-clients']
    const isSaid = caPath !== undefined || (anybody && !isClient)
    const mine = isClient ? 'certs/client' : 'certs/server'
    const theirs = isClient ? 'certs/server.crt' : 'certs/ca.crt'
    const tls = {
      certFile: cert ?? `${mine}.crt`,
      keyFile: key ?? `${mine}.key`,
      passphraseFile: values['passphrase-file'],
      caFile: ca ?? (isSaid ? undefined : theirs),
      caPath,
      allowUnauthenticatedClients: anybody,
    }
    checkTlsConfig(tls)
    return {
      address: own === undefined ? hostAndPort(host, port) : parseAddress(own),
      backlog: wholeNumber('backlog', values.backlog, 1),
      timeout: wholeNumber('timeout', values.timeout, 1, 86_400),
      maxConnections: wholeNumber('number of connections', most, 1, 1e6),
      grace: wholeNumber('grace', values.grace, 0, 86_400),
      tls,
      turnedAway: values['turn-away'] ?? [],
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
