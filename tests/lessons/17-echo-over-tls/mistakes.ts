import { change } from '#workbook/check/change.ts'
import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { sourceOf, type Situation } from '#workbook/check/explain/situation.ts'
import {
  callersHoldNoPlace, freesThePlace, leavesInMidHandshake, namesBadHandshakes, noOldTls, ownPapers, silentCallers,
  stopsInMidHandshake, tlsVersions,
} from './behaviours.ts'
import { noPapers } from './tools.ts'

/** Servers that are not quite behind TLS, from lesson 17 on. */
export const mistakes: readonly Mistake[] = [
  {
    id: 'speaks-plainly',
    find: situation => situation.kind === 'no-handshake' && situation.program?.running && NET_RE.test(sourceOf(situation))
      ? 'your server doesn\'t speak TLS: its createServer is node:net\'s, and what a client says to begin a handshake comes back as an echo'
      : undefined,
    wrong: [{
      breaks: tlsVersions,
      program: [
        change('server.ts', 'import type { Socket } from \'node:net\'', 'import { createServer, type Server, type Socket } from \'node:net\''),
        change('server.ts', 'import { createServer, type Server } from \'node:tls\'\n', ''),
        change('server.ts', '    minVersion: \'TLSv1.2\',\n    handshakeTimeout: timeout * 1000,\n', '    allowHalfOpen: true,\n'),
        change('server.ts', 'address, backlog, timeout, papers', 'address, backlog, papers'),
        change('server.ts', `  sock.on('tlsClientError', (error: NodeJS.ErrnoException, conn) => {
    console.log(\`No handshake with \${peerOf(conn)}: \${error.code}\`)
    conn.destroy()
  })
`, ''),
        change('server.ts', '\'secureConnection\'', '\'connection\''),
      ],
    }],
  },
  {
    id: 'greets-too-soon',
    of: [tlsVersions, ownPapers, namesBadHandshakes],
    find: situation => situation.kind === 'silence' && acceptsConnections(situation)
      ? 'connection is the event of the TCP connection, which only TLS can read from: what you want comes later, as secureConnection'
      : undefined,
    wrong: [{
      breaks: tlsVersions,
      program: [change('server.ts', '\'secureConnection\'', '\'connection\'')],
    }],
  },
  {
    id: 'silent-about-handshakes',
    find: ({ kind, wanted, program }) => kind === 'no-line' && program?.running && wanted?.startsWith('No handshake')
      && !program.output.seen.some(line => line.startsWith('No handshake'))
      ? 'a handshake that fails is an event of the server, tlsClientError, and your program says nothing about it'
      : undefined,
    wrong: [{
      breaks: namesBadHandshakes,
      program: [change('server.ts', '    console.log(`No handshake with ${peerOf(conn)}: ${error.code}`)\n', '')],
    }],
  },
  {
    id: 'keeps-the-silent',
    of: [silentCallers],
    find: ({ kind, program }) => kind === 'stays-open' && program?.running
      ? 'Node tells your program that the time for a handshake is over, as tlsClientError, and leaves it to you to destroy the connection'
      : undefined,
    wrong: [{
      breaks: silentCallers,
      program: [change('server.ts', '    conn.destroy()\n', '')],
    }],
  },
  {
    id: 'half-open-too-soon',
    of: [leavesInMidHandshake],
    find: ({ kind }) => kind === 'descriptors'
      ? 'with allowHalfOpen from the start, Node waits for the handshake of a client that has left: set it on the connection, when the handshake is done'
      : undefined,
    wrong: [{
      breaks: leavesInMidHandshake,
      program: [
        change('server.ts', 'minVersion: \'TLSv1.2\',', 'minVersion: \'TLSv1.2\',\n    allowHalfOpen: true,'),
        change('server.ts', '    conn.allowHalfOpen = true\n', ''),
      ],
    }],
  },
  {
    id: 'ends-with-its-client',
    of: [freesThePlace],
    find: ({ kind, program }) => kind === 'other' && program?.running
      ? 'without allowHalfOpen Node ends your side as soon as the client has ended its own, and a handler that waits for a drain then waits '
      + 'for ever: set conn.allowHalfOpen when the handshake is done'
      : undefined,
    wrong: [{
      breaks: freesThePlace,
      program: [change('server.ts', '    conn.allowHalfOpen = true\n', '')],
    }],
  },
  {
    id: 'takes-any-pair',
    of: [noPapers],
    find: ({ kind, program }) => kind === 'runs-on' && program?.typed.includes('curve.key')
      ? 'OpenSSL keeps a pair for each kind of key, and takes an RSA certificate and an ECDSA key without a word: ask checkPrivateKey'
      : undefined,
    wrong: [{
      breaks: noPapers,
      program: [
        change('papers.ts', 'import { readFileSync } from \'node:fs\'', 'import { readFileSync } from \'node:fs\'\nimport { createSecureContext } from \'node:tls\''),
        change('papers.ts', 'const [cert, certificate] =', 'const [cert] ='),
        change('papers.ts', 'const [key, privateKey] =', 'const [key] ='),
        change('papers.ts', `  if (certificate.checkPrivateKey(privateKey)) return { cert, key }
  return refusePaper(\`\${files.key} is not the key of \${files.cert}\`)
`, `  try {
    createSecureContext({ cert, key })
    return { cert, key }
  } catch {
    return refusePaper(\`\${files.key} is not the key of \${files.cert}\`)
  }
`),
      ],
    }],
  },
  {
    id: 'waits-for-callers',
    of: [stopsInMidHandshake],
    find: ({ kind }) => kind === 'runs-on'
      ? 'the server is closed when its last connection is, and one in mid-handshake is a connection that your handler has never seen'
      : undefined,
    wrong: [{
      breaks: stopsInMidHandshake,
      program: [change('server.ts', '      for (const caller of callers) caller.destroy()\n', '')],
    }],
  },
  {
    id: 'speaks-old-tls',
    of: [noOldTls],
    find: ({ kind }) => kind === 'other'
      ? 'TLS 1.0 and 1.1 have been given up for their weaknesses (RFC 8996): minVersion should be TLSv1.2'
      : undefined,
    wrong: [{
      breaks: noOldTls,
      program: [change('server.ts', 'minVersion: \'TLSv1.2\',', 'minVersion: \'TLSv1\',\n    ciphers: \'DEFAULT:@SECLEVEL=0\',')],
    }],
  },
  {
    id: 'counts-callers',
    of: [callersHoldNoPlace],
    find: ({ kind }) => kind === 'differs'
      ? 'your program counts connections in mid-handshake as clients, and so anybody can fill it without a word'
      : undefined,
    wrong: [{
      breaks: callersHoldNoPlace,
      program: [change('server.ts', 'clients.size < maxConnections', 'callers.size <= maxConnections')],
    }],
  },
]

const NET_RE = /createServer\b[^}]*\}\s*from 'node:net'|\bnet\.createServer/

function acceptsConnections(situation: Situation): boolean {
  const source = sourceOf(situation)
  return /'connection'/.test(source) && !source.includes('secureConnection')
}
