import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { sourceOf, type Situation } from '#workbook/check/explain/situation.ts'

/** Servers that are not quite behind TLS, from lesson 17 on. */
export const mistakes: readonly Mistake[] = [
  {
    id: 'speaks-plainly',
    find: situation => situation.kind === 'no-handshake' && situation.program?.running && NET_RE.test(sourceOf(situation))
      ? 'your server speaks no TLS: its createServer is that of node:net, and what a client says to begin a handshake comes back as an echo'
      : undefined,
  },
  {
    id: 'greets-too-soon',
    find: situation => FIRST.has(situation.behaviour.id) && situation.kind === 'silence' && acceptsConnections(situation)
      ? 'connection is the event of the TCP connection, on which there is nothing to read but for TLS: what you want comes later, as secureConnection'
      : undefined,
  },
  {
    id: 'silent-about-handshakes',
    find: ({ kind, wanted, program }) => kind === 'no-line' && program?.running && wanted?.startsWith('No handshake')
      && !program.output.seen.some(line => line.startsWith('No handshake'))
      ? 'a handshake that fails is an event of the server, tlsClientError, and your program says nothing of it'
      : undefined,
  },
  {
    id: 'keeps-the-silent',
    find: ({ kind, behaviour, program }) => kind === 'stays-open' && behaviour.id === 'silent-callers' && program?.running
      ? 'Node tells your program that the time for a handshake is over, as tlsClientError, and leaves it to you to destroy the connection'
      : undefined,
  },
  {
    id: 'half-open-too-soon',
    find: ({ kind, behaviour }) => kind === 'descriptors' && behaviour.id === 'leaves-in-mid-handshake'
      ? 'with allowHalfOpen from the start, Node waits for the handshake of whoever has left: set it on the connection, when the handshake is done'
      : undefined,
  },
  {
    id: 'takes-any-pair',
    find: ({ kind, behaviour, program }) => kind === 'runs-on' && behaviour.id === 'no-papers' && program?.typed.includes('curve.key')
      ? 'OpenSSL keeps a pair for each kind of key, and takes an RSA certificate and an ECDSA key without a word: ask checkPrivateKey'
      : undefined,
  },
  {
    id: 'waits-for-callers',
    find: ({ kind, behaviour }) => kind === 'runs-on' && behaviour.id === 'stops-in-mid-handshake'
      ? 'the server is closed when its last connection is, and one in mid-handshake is a connection that your handler has never seen'
      : undefined,
  },
  {
    id: 'speaks-old-tls',
    find: ({ kind, behaviour }) => kind === 'other' && behaviour.id === 'no-old-tls'
      ? 'TLS 1.0 and 1.1 have been given up for their weaknesses (RFC 8996): minVersion should be TLSv1.2'
      : undefined,
  },
  {
    id: 'counts-callers',
    find: ({ kind, behaviour }) => kind === 'differs' && behaviour.id === 'callers-hold-no-place'
      ? 'your program counts connections in mid-handshake as clients, and so anybody can fill it without a word'
      : undefined,
  },
]

const NET_RE = /createServer\b[^}]*\}\s*from 'node:net'|\bnet\.createServer/
const FIRST = new Set(['tls-versions', 'own-papers', 'names-bad-handshakes'])

function acceptsConnections(situation: Situation): boolean {
  const source = sourceOf(situation)
  return /'connection'/.test(source) && !source.includes('secureConnection')
}
