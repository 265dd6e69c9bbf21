import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { sourcesOf, type Situation } from '#workbook/check/explain/situation.ts'

const HANGUP = 129
const ASKS = 'asks-for-the-passphrase'
const FILE = 'passphrase-from-a-file'
const KEEPS = 'keeps-what-works'
const LOCKED_RE = /^.*nothing has changed.*locked.*$/m
const RENEWS = new Set(['renews-on-hangup', 'renews-a-locked-key', KEEPS, 'reload-forgets-nothing'])

/** Servers that tell a passphrase, misread it, or do not survive new papers, from lesson 20 on. */
export const mistakes: readonly Mistake[] = [
  {
    id: 'echoes-the-passphrase',
    find: ({ behaviour, kind }) => behaviour.id === ASKS && kind === 'output'
      ? 'a terminal shows what is typed unless it is told not to, and so does readline: raw mode silences the one, an output that swallows everything the other'
      : undefined,
  },
  {
    id: 'leaves-it-raw',
    find: ({ behaviour, kind }) => behaviour.id === ASKS && kind === 'runs-on'
      ? 'your program has left the terminal in raw mode, in which Ctrl-C is a byte like any other: close the interface, or setRawMode(false)'
      : undefined,
  },
  {
    id: 'trims-too-much',
    find: situation => situation.behaviour.id === FILE && situation.kind === 'ended' && /\.trim(?:End)?\(/.test(sourcesOf(situation))
      ? 'trim takes away blanks as well, and a blank may be part of a passphrase: only one newline at the end is not'
      : undefined,
  },
  {
    id: 'keeps-the-newline',
    find: ({ behaviour, kind, reason }) => behaviour.id === FILE && kind === 'ended' && /newline|Windows/.test(reason)
      ? 'a file that was written with echo or an editor ends with a newline, which is no part of the passphrase'
      : undefined,
  },
  {
    id: 'dies-of-the-hangup',
    find: ({ behaviour, kind, program }) => RENEWS.has(behaviour.id) && kind === 'ended' && program?.exitCode === HANGUP
      ? 'nothing in your program listens to SIGHUP, and what that signal does by itself is to end a program'
      : undefined,
  },
  {
    id: 'dies-of-a-broken-file',
    find: ({ behaviour, kind }) => behaviour.id === KEEPS && kind === 'ended'
      ? 'nobody catches an error in the handler of a signal, and so it ends the program: try, and keep what you have'
      : undefined,
  },
  {
    id: 'forgets-the-rest',
    find: ({ behaviour, kind, program }) => RENEWS.has(behaviour.id) && kind === 'other'
      && program?.output.seen.some(line => /No handshake.*(?:UNABLE_TO|SELF_SIGNED)/.test(line))
      ? 'setSecureContext forgets what it is not given, such as ca: give it all that createServer was given'
      : undefined,
  },
  {
    id: 'lost-the-passphrase',
    find: ({ behaviour, kind, program }) => behaviour.id === 'renews-a-locked-key' && kind === 'other' && LOCKED_RE.test(wordsOf(program))
      ? `your program reads the key again without its passphrase, and says "${LOCKED_RE.exec(wordsOf(program))?.[0].trim()}": keep the passphrase for SIGHUP too`
      : undefined,
  },
  {
    id: 'shows-the-old',
    find: ({ behaviour, kind }) => RENEWS.has(behaviour.id) && kind === 'other'
      ? 'to read the files again changes nothing by itself: the server shows what it was given, until setSecureContext gives it something else'
      : undefined,
  },
  {
    id: 'cuts-them-off',
    find: ({ behaviour, kind }) => RENEWS.has(behaviour.id) && kind === 'closed'
      ? 'new papers are for new handshakes: whoever is there has keys of their own, and nothing has to be closed or started anew'
      : undefined,
  },
]

function wordsOf(program: Situation['program']): string {
  return [...program?.output.seen ?? [], program?.errors ?? ''].join('\n')
}
