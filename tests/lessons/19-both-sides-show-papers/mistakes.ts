import { change } from '#workbook/check/change.ts'
import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { sourcesOf } from '#workbook/check/explain/situation.ts'
import { contradictions, noPapersNoEntry, saysWhyNoEntry, showsItsPapers } from './behaviours.ts'

/** Servers that ask for no papers, or ask and do not look, from lesson 19 on. */
export const mistakes: readonly Mistake[] = [
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
    find: ({ kind, program }) => kind !== 'other' && program?.output.seen.some(line => /No handshake.*UNABLE_TO/.test(line))
      ? 'your server asks for a certificate and does not know your CA: without ca it trusts the authorities that Node brings along, and their clients'
      : undefined,
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
