import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { sourcesOf } from '#workbook/check/explain/situation.ts'

const DOOR = 'no-papers-no-entry'

/** Servers that ask for no papers, or ask and do not look, from lesson 19 on. */
export const mistakes: readonly Mistake[] = [
  {
    id: 'keeps-its-papers',
    find: ({ behaviour, kind }) => behaviour.id === 'shows-its-papers' && kind === 'other'
      ? 'a client shows what connect was given as cert and key, to a server that asks; yours gave it none, or others'
      : undefined,
  },
  {
    id: 'asks-and-lets-in',
    find: situation => situation.behaviour.id === DOOR && situation.kind === 'other' && /rejectUnauthorized: false/.test(sourcesOf(situation))
      ? 'your server asks for a certificate and lets everybody in all the same: with rejectUnauthorized: false, looking is left to you'
      : undefined,
  },
  {
    id: 'asks-nobody',
    find: ({ behaviour, kind }) => behaviour.id === DOOR && kind === 'other'
      ? 'nobody asked this client for a certificate: a server does so only with requestCert: true'
      : undefined,
  },
  {
    id: 'trusts-the-world',
    find: ({ behaviour, kind, program }) => behaviour.id === DOOR && kind !== 'other' && program?.output.seen.some(line => /No handshake.*UNABLE_TO/.test(line))
      ? 'your server asks for a certificate and does not know your CA: without ca it trusts the authorities that Node brings along, and whom they vouch for'
      : undefined,
  },
  {
    id: 'keeps-the-reason',
    find: ({ behaviour, kind, program }) => behaviour.id === 'says-why-no-entry' && kind === 'no-line'
      && program?.output.seen.some(line => /No handshake.*ECONNRESET/.test(line))
      ? 'ECONNRESET is what Node says when it hangs up itself; why it did is in authorizationError of the connection'
      : undefined,
  },
  {
    id: 'either-will-do',
    find: ({ behaviour, kind }) => behaviour.id === 'contradictions' && kind === 'runs-on'
      ? 'whoever gives two answers is wrong about one of them, and your server has guessed which'
      : undefined,
  },
]
