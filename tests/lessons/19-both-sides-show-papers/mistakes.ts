import { change } from '#workbook/check/change.ts'
import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { sourcesOf, type Situation } from '#workbook/check/explain/situation.ts'
import { runLine } from '#workbook/check/setting.ts'
import { contradictions, noPapersNoEntry, saysWhyNoEntry, showsItsPapers } from './behaviours.ts'

/** Servers that ask for no papers, or ask and do not look, from lesson 19 on. */
export const mistakes: readonly Mistake[] = [
  {
    id: 'keeps-a-default',
    of: [showsItsPapers, noPapersNoEntry],
    find(situation) {
      const { behaviour, kind } = situation
      const [, option = '', file = ''] = DEFAULT_RE.exec(sourcesOf(situation)) ?? []
      if (behaviour === showsItsPapers) {
        return kind === 'other' && option !== 'ca' && option !== ''
          ? `the option table gives --${option} a default, ${file}, and so your client shows what belongs to the server: the two have different defaults`
          : undefined
      }
      return option === 'ca' && refusedOurs(situation)
        ? `the option table gives --ca a default, ${file}, and so your server trusts that and not your CA: server and client have different defaults`
        : undefined
    },
    // The hints are for a server that asks nobody.
    enough: true,
    byHand: asClient,
    wrong: [{
      breaks: noPapersNoEntry,
      says: 'the option table gives --ca a default',
      program: [change('options.ts', '  ca: { type: \'string\' }', '  ca: { type: \'string\', default: \'certs/server.crt\' }')],
    }, {
      name: 'of-cert',
      breaks: showsItsPapers,
      says: 'the option table gives --cert a default',
      program: [
        change('options.ts', '  cert: { type: \'string\' }', '  cert: { type: \'string\', default: \'certs/server.crt\' }'),
        change('options.ts', '  key: { type: \'string\' }', '  key: { type: \'string\', default: \'certs/server.key\' }'),
      ],
    }],
  },
  {
    id: 'keeps-its-papers',
    of: [showsItsPapers],
    find: ({ kind }) => kind === 'other'
      ? 'a client shows what connect was given as cert and key, to a server that asks; yours gave it none, or others'
      : undefined,
    wrong: [{
      breaks: showsItsPapers,
      program: [change('client.ts', ', ...readPapers({ cert, key })', '')],
    }],
  },
  {
    id: 'asks-and-lets-in',
    of: [noPapersNoEntry],
    find: situation => situation.kind === 'other' && /rejectUnauthorized: false/.test(sourcesOf(situation))
      ? 'your server asks for a certificate and lets everybody in all the same: with rejectUnauthorized: false, looking is left to you'
      : undefined,
    wrong: [{
      breaks: noPapersNoEntry,
      program: [change('tls-options.ts', 'rejectUnauthorized: true', 'rejectUnauthorized: false')],
    }],
  },
  {
    id: 'asks-nobody',
    of: [noPapersNoEntry],
    find: ({ kind }) => kind === 'other'
      ? 'your server asked this client for no certificate: a server does so only with requestCert: true'
      : undefined,
    wrong: [{
      breaks: noPapersNoEntry,
      program: [change('tls-options.ts', ', requestCert: true, rejectUnauthorized: true', '')],
    }],
  },
  {
    id: 'trusts-the-world',
    of: [noPapersNoEntry],
    find: situation => refusedOurs(situation)
      ? 'your server asks for a certificate and does not know your CA: without ca it trusts the authorities that Node brings along, and their clients'
      : undefined,
    byHand: asClient,
    wrong: [{
      breaks: noPapersNoEntry,
      program: [change('tls-options.ts', '{ ...options, ca, requestCert', '{ ...options, requestCert')],
    }],
  },
  {
    id: 'keeps-the-reason',
    of: [saysWhyNoEntry],
    find: ({ kind, program }) => kind === 'no-line' && program?.output.seen.some(line => /No handshake.*ECONNRESET/.test(line))
      ? 'ECONNRESET is what Node says when it hangs up itself; why it did is in authorizationError of the connection'
      : undefined,
    wrong: [{
      breaks: saysWhyNoEntry,
      program: [change('server.ts', 'conn.authorizationError ?? error.code', 'error.code')],
    }],
  },
  {
    id: 'either-will-do',
    of: [contradictions],
    find: ({ kind }) => kind === 'runs-on'
      ? 'of two answers one is wrong, and your server has guessed which'
      : undefined,
    wrong: [{
      breaks: contradictions,
      program: [change('tls-options.ts', '  if (given.length > 1) refuse(`${given.join(\' and \')} contradict each other`)\n', '')],
    }],
  },
]

const DEFAULT_RE = /^\s*(ca|cert|key): \{[^}]*\bdefault: '([^']+)'/m

/** The server has refused the certificate that the reader's CA has signed. */
function refusedOurs({ kind, program }: Situation): boolean {
  return kind !== 'other' && program?.output.seen.some(line => /No handshake.*UNABLE_TO/.test(line)) === true
}

/** The client of the folder, which has the right papers, calls the server. */
function asClient({ setting }: Situation): readonly string[] {
  return [runLine(setting, 'server.ts', []), `${runLine(setting, 'client.ts', [])}    # your CA has signed what it shows`]
}
