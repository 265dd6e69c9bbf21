import { change } from '#workbook/check/change.ts'
import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { sourceOf, type Situation } from '#workbook/check/explain/situation.ts'
import { noTlsThere, notTalkedOutOfIt, refusesAnotherName, refusesStrangers, trustsItsOwn } from './behaviours.ts'

/** Clients that trust too many, or nobody, from lesson 18 on. */
export const mistakes: readonly Mistake[] = [
  {
    id: 'still-plain',
    of: [trustsItsOwn],
    find: situation => isClient(situation) && !sourceOf(situation).includes('node:tls')
      ? 'your client doesn\'t speak TLS: its connect has to be node:tls\'s, and what it waits for is called secureConnect'
      : undefined,
    wrong: [{
      breaks: trustsItsOwn,
      program: [
        change('client.ts', 'import type { Socket } from \'node:net\'\nimport { connect } from \'node:tls\'', 'import { connect, type Socket } from \'node:net\''),
        change('client.ts', '\'secureConnect\'', '\'connect\''),
      ],
    }],
  },
  {
    id: 'trusts-the-system',
    of: [trustsItsOwn],
    find: situation => isClient(situation) && isUnknown(situation) && !/\bca\b/.test(sourceOf(situation).replace(TEXT_RE, ''))
      ? 'nothing tells connect whom to trust, so it trusts the authorities that Node knows: hand it the certificate as ca'
      : undefined,
    wrong: [{
      breaks: trustsItsOwn,
      program: [
        change('client.ts', '{ address, ca, name }', '{ address, name }'),
        change('client.ts', 'ca: readCa(ca), ', ''),
      ],
    }],
  },
  {
    id: 'ca-is-a-file-name',
    of: [trustsItsOwn],
    find: situation => isClient(situation) && isUnknown(situation)
      ? 'what connect was given as ca is not this certificate, and it does not complain about that: it wants the contents of the file, and not its name'
      : undefined,
    wrong: [{
      breaks: trustsItsOwn,
      program: [change('client.ts', 'ca: readCa(ca)', 'ca')],
    }],
  },
  {
    id: 'trusts-everybody',
    of: [refusesStrangers],
    find: situation => isClient(situation) && situation.kind === 'other'
      ? `your client talks with anybody who speaks TLS${sourceOf(situation).includes('rejectUnauthorized') ? ': with rejectUnauthorized: false nothing is looked at' : ''}`
      : undefined,
    wrong: [{
      breaks: refusesStrangers,
      says: 'your client talks with anybody who speaks TLS: with rejectUnauthorized: false',
      program: [change('client.ts', 'rejectUnauthorized: true', 'rejectUnauthorized: false')],
    }],
  },
  {
    id: 'no-code',
    of: [refusesStrangers],
    find(situation) {
      const lines = situation.program?.errors.trim().split('\n') ?? []
      return isClient(situation) && situation.kind === 'ended-otherwise' && lines.length === 1 && /self.signed/.test(lines[0] ?? '')
        ? 'what an error says differs from one version of Node to the next, and its code does not: print the code as well'
        : undefined
    },
    wrong: [{
      breaks: refusesStrangers,
      program: [change('client.ts', '`Not trusted (${code}): ${CURES[code]}`', '`Not trusted: ${message}`')],
    }],
  },
  {
    id: 'skips-the-name',
    of: [refusesAnotherName],
    find: situation => isClient(situation) && situation.kind === 'other'
      ? 'your client knows who has signed, and not for whom: without checkServerIdentity a certificate for any name will do'
      : undefined,
    wrong: [{
      breaks: refusesAnotherName,
      program: [change('client.ts', '...trust }', '...trust, checkServerIdentity: () => undefined }')],
    }],
  },
  {
    id: 'talked-out-of-it',
    of: [notTalkedOutOfIt],
    find: situation => isClient(situation) && situation.kind === 'other'
      ? 'what connect is not told it asks the environment for: say rejectUnauthorized: true, and it doesn\'t ask'
      : undefined,
    wrong: [{
      breaks: notTalkedOutOfIt,
      program: [change('client.ts', ', rejectUnauthorized: true', '')],
    }],
  },
  {
    id: 'begins-before-tls',
    of: [noTlsThere],
    find: situation => isClient(situation) && /\bEPROTO\b/.test(situation.program?.errors ?? '')
      ? 'your client writes before the handshake is over, and gets a write error: connect is the event of the TCP connection, and secureConnect the one to wait for'
      : undefined,
    wrong: [{
      breaks: noTlsThere,
      program: [change('client.ts', '\'secureConnect\'', '\'connect\'')],
    }],
  },
]

// What a program prints may name an option of the same name.
const TEXT_RE = /'[^'\n]*'|`[^`]*`/g

function isClient({ program }: Situation): boolean {
  return program?.file === 'client.ts'
}

function isUnknown({ program }: Situation): boolean {
  return /SELF_SIGNED|self.signed/.test(program?.errors ?? '')
}
