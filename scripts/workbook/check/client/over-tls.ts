import type { Facts } from '../lesson.ts'

const WIDTH = 70
const NC_RE = /(\| )?\bnc((?: -[Ndv])*) (\[?[\da-f.:]+?\]?) (\d+)/g
const LISTEN_RE = /nc -l[Nv]* \S+ (\d+)/
const LISTENING = 'openssl s_server -quiet -accept $1 \\\n  -cert certs/server.crt -key certs/server.key'
const SERVER_RE = /require\("net"\)\.createServer\((?:\{ (.*?) \}, )?/
const PAPERS = `const read = end => require("fs").readFileSync("certs/server." + end)
  const papers = { cert: read("crt"), key: read("key") }
  require("tls").createServer(`
const SHOWING = ' \\\n  -cert certs/client.crt -key certs/client.key'
const NET_RE = /const c = require\('net'\)\.connect\((.*)\)/

/**
 * The same command for a server that speaks TLS: openssl's s_client in the place of nc. It ends when its
 * input does, and the answer is lost: where nc would wait for it, there is a second in which it comes.
 */
export function overTls(command: string, { clientSpeaks, clientShowsPapers: hasPapers }: Facts): string {
  if (LISTEN_RE.test(command)) return clientSpeaks === 'tls' ? command.replace(LISTEN_RE, LISTENING) : command
  if (SERVER_RE.test(command)) {
    const secured = (_: string, options?: string) => `${PAPERS}${options === undefined ? 'papers' : `{ ...papers, ${options} }`}, `
    return clientSpeaks === 'tls' ? command.replace(SERVER_RE, secured) : command
  }
  const spoken = command.replace(NC_RE, (_, pipe: string | undefined, flags: string, host: string, port: string) => {
    const to = `-connect ${host.includes(':') ? `[${host}]` : host}:${port}${hasPapers ? SHOWING : ''}`
    if (!flags.includes('N')) return `${pipe ?? ''}openssl s_client -quiet ${to}${flags.includes('d') ? ' </dev/null' : ''}`
    return `${pipe ? '| (cat; sleep 1) | ' : ''}openssl s_client -quiet -no_ign_eof ${to}`
  })
  // Only what carries TLS can be reset.
  return broken(spoken.replace(NET_RE, (_, place: string) => `const tcp = require('net').connect(${place})
${hasPapers ? 'const read = end => require(\'fs\').readFileSync(\'certs/client.\' + end)\n' : ''}const c = require('tls').connect({
  socket: tcp, rejectUnauthorized: false${hasPapers ? ', cert: read(\'crt\'), key: read(\'key\')' : ''} })`).replaceAll('c.resetAndDestroy', 'tcp.resetAndDestroy'))
}

/** The same command for a server that asks its clients for a certificate, where it was written for one that did not. */
export function withPapers(command: string): string {
  return command.replace(/(\bs_client\b[^|;]*?-connect \S+)/g, `$1${SHOWING}`).replace(/(\.connect\(\{[^}]*rejectUnauthorized: false)/g, `$1,
  cert: require('fs').readFileSync('certs/client.crt'),
  key: require('fs').readFileSync('certs/client.key')`)
}

function broken(command: string): string {
  return command.split('\n').map(line => line.length <= WIDTH ? line : line.replace(' | openssl', ' \\\n  | openssl').replace('; done; ', '; done\n').replace('; openssl', '\nopenssl')).join('\n')
}
