import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { sourceOf, type Situation } from '#workbook/check/explain/situation.ts'

const OWN = 'trusts-its-own'

/** Clients that trust too many, or nobody, from lesson 18 on. */
export const mistakes: readonly Mistake[] = [
  {
    id: 'still-plain',
    find: situation => isClient(situation, OWN) && !sourceOf(situation).includes('node:tls')
      ? 'your client speaks no TLS: its connect has to be that of node:tls, and what it waits for is called secureConnect'
      : undefined,
  },
  {
    id: 'trusts-the-system',
    find: situation => isClient(situation, OWN) && isUnknown(situation) && !/\bca\b/.test(sourceOf(situation))
      ? 'nobody told connect whom to trust, and so it trusts the authorities that Node knows: hand it the certificate as ca'
      : undefined,
  },
  {
    id: 'ca-is-a-file-name',
    find: situation => isClient(situation, OWN) && isUnknown(situation)
      ? 'what connect was given as ca is not this certificate, and it does not complain about that: it wants what is in the file, and not its name'
      : undefined,
  },
  {
    id: 'trusts-everybody',
    find: situation => isClient(situation, 'refuses-strangers') && situation.kind === 'other'
      ? `your client talks with anybody who speaks TLS${sourceOf(situation).includes('rejectUnauthorized') ? ': with rejectUnauthorized: false nothing is looked at' : ''}`
      : undefined,
  },
  {
    id: 'no-code',
    find: situation => {
      const lines = situation.program?.errors.trim().split('\n') ?? []
      return isClient(situation, 'refuses-strangers') && situation.kind === 'ended-otherwise' && lines.length === 1 && /self.signed/.test(lines[0] ?? '')
        ? 'what an error says differs from one version of Node to the next, and its code does not: print the code as well'
        : undefined
    },
  },
  {
    id: 'skips-the-name',
    find: situation => isClient(situation, 'refuses-another-name') && situation.kind === 'other'
      ? 'your client knows who has signed, and not for whom: without checkServerIdentity a certificate for any name will do'
      : undefined,
  },
  {
    id: 'talked-out-of-it',
    find: situation => isClient(situation, 'not-talked-out-of-it') && situation.kind === 'other'
      ? 'what connect is not told it asks the environment for: say rejectUnauthorized: true, and nobody else is asked'
      : undefined,
  },
  {
    id: 'begins-before-tls',
    find: situation => isClient(situation, 'no-tls-there') && /\bEPROTO\b/.test(situation.program?.errors ?? '')
      ? 'your client writes before the handshake is over, and gets a write error: connect is the event of the TCP connection, and secureConnect the one to wait for'
      : undefined,
  },
]

function isClient({ behaviour, program }: Situation, id: string): boolean {
  return behaviour.id === id && program?.file === 'client.ts'
}

function isUnknown({ program }: Situation): boolean {
  return /SELF_SIGNED|self.signed/.test(program?.errors ?? '')
}
