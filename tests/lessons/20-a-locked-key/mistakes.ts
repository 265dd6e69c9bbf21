import { change } from '#workbook/check/change.ts'
import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { sourcesOf, type Situation } from '#workbook/check/explain/situation.ts'
import { asksForThePassphrase, passphraseFromAFile } from './behaviours.ts'
import { keepsWhatWorks, reloadForgetsNothing, renewsALockedKey, renewsOnHangup } from './renewing.ts'

const HANGUP = 129
const LOCKED_RE = /^.*nothing has changed.*locked.*$/m
const RENEWS = [renewsOnHangup, renewsALockedKey, keepsWhatWorks, reloadForgetsNothing]

/** Servers that tell a passphrase, misread it, or do not survive new papers, from lesson 20 on. */
export const mistakes: readonly Mistake[] = [
  {
    id: 'echoes-the-passphrase',
    of: [asksForThePassphrase],
    find: ({ kind }) => kind === 'output'
      ? 'a terminal shows what is typed unless it is told not to, and so does readline: raw mode silences the one, an output that swallows everything the other'
      : undefined,
    wrong: [{
      breaks: asksForThePassphrase,
      program: [
        change('passphrase.ts', 'import { Writable } from \'node:stream\'\n', ''),
        change('passphrase.ts', `  const output = new Writable({ write: (_data, _encoding, done) => done() })
  const terminal = createInterface({ input, output, terminal: true })
  terminal.on('SIGTSTP', () => {})
`, '  const terminal = createInterface({ input, output: stderr })\n'),
      ],
    }],
  },
  {
    id: 'leaves-it-raw',
    of: [asksForThePassphrase],
    find: ({ kind }) => kind === 'runs-on'
      ? 'your program has left the terminal in raw mode, in which Ctrl-C is a byte like any other: close the interface, or setRawMode(false)'
      : undefined,
    wrong: [{
      breaks: asksForThePassphrase,
      program: [
        change('passphrase.ts', 'import { createInterface } from \'node:readline\'\nimport { Writable } from \'node:stream\'\n', ''),
        change('passphrase.ts', `  const output = new Writable({ write: (_data, _encoding, done) => done() })
  const terminal = createInterface({ input, output, terminal: true })
  terminal.on('SIGTSTP', () => {})
`, '  input.setRawMode(true)\n'),
        change('passphrase.ts', `  const answer = [once(terminal, 'line'), once(terminal, 'close')]
  const [line] = await Promise.race(answer)
  terminal.close()
`, `  let line = ''
  while (!/[\\r\\x03\\x04]/.test(line)) line += (await once(input, 'data'))[0]
`),
        change('passphrase.ts', '  return line ?? refusePaper(`No passphrase, no ${keyFile}`)\n', `  if (!line.endsWith('\\r')) refusePaper(\`No passphrase, no \${keyFile}\`)
  return line.slice(0, -1)
`),
      ],
    }],
  },
  {
    id: 'trims-too-much',
    of: [passphraseFromAFile],
    find: situation => situation.kind === 'ended' && /\.trim(?:End)?\(/.test(sourcesOf(situation))
      ? 'trim takes away blanks as well, and a blank may be part of a passphrase: only one newline at the end is not'
      : undefined,
    wrong: [{
      breaks: passphraseFromAFile,
      program: [change('passphrase.ts', '.replace(/\\r?\\n$/, \'\')', '.trim()')],
    }],
  },
  {
    id: 'keeps-the-newline',
    of: [passphraseFromAFile],
    find: ({ kind, reason }) => kind === 'ended' && /newline|Windows/.test(reason)
      ? 'a file that was written with echo or an editor ends with a newline, which is not part of the passphrase'
      : undefined,
    wrong: [{
      breaks: passphraseFromAFile,
      program: [change('passphrase.ts', '.replace(/\\r?\\n$/, \'\')', '')],
    }],
  },
  {
    id: 'dies-of-the-hangup',
    of: RENEWS,
    find: ({ kind, program }) => kind === 'ended' && program?.exitCode === HANGUP
      ? 'nothing in your program listens to SIGHUP, and what that signal does by itself is to end a program'
      : undefined,
    wrong: [{
      breaks: renewsOnHangup,
      program: [change('tls-server.ts', '  process.on(\'SIGHUP\', () => reload(sock, unlocked))\n', '')],
    }],
  },
  {
    id: 'dies-of-a-broken-file',
    of: [keepsWhatWorks],
    find: ({ kind }) => kind === 'ended'
      ? 'nothing catches an error in a signal handler, so it ends the program: use try, and keep what you have'
      : undefined,
    wrong: [{
      breaks: keepsWhatWorks,
      program: [
        change('tls-server.ts', '  try {\n    sock', '  sock'),
        change('tls-server.ts', ` catch (error) {
    console.log(\`SIGHUP: nothing has changed. \${(error as Error).message}\`)
  }
}`, ''),
      ],
    }],
  },
  {
    id: 'forgets-the-rest',
    of: RENEWS,
    find: ({ kind, program }) => kind === 'other' && program?.output.seen.some(line => /No handshake.*(?:UNABLE_TO|SELF_SIGNED)/.test(line))
      ? 'setSecureContext forgets what it is not given, such as ca: give it all that createServer was given'
      : undefined,
    wrong: [{
      breaks: renewsOnHangup,
      program: [
        change('tls-server.ts', 'import { unlock }', 'import { readPapers } from \'./papers.ts\'\nimport { unlock }'),
        change('tls-server.ts', 'sock.setSecureContext(buildServerTlsOptions(config))', `const { certFile: cert = '', keyFile: key = '', passphrase } = config
    sock.setSecureContext(readPapers({ cert, key, passphrase }))`),
      ],
    }],
  },
  {
    id: 'lost-the-passphrase',
    of: [renewsALockedKey],
    find: ({ kind, program }) => kind === 'other' && LOCKED_RE.test(wordsOf(program))
      ? `your program reads the key again without its passphrase, and says "${LOCKED_RE.exec(wordsOf(program))?.[0].trim()}": keep the passphrase for SIGHUP too`
      : undefined,
    wrong: [{
      breaks: renewsALockedKey,
      program: [change('tls-server.ts', 'reload(sock, unlocked)', 'reload(sock, config)')],
    }],
  },
  {
    id: 'shows-the-old',
    of: RENEWS,
    find: ({ kind }) => kind === 'other'
      ? 'reading the files again changes nothing by itself: the server shows what it was given, until setSecureContext gives it something else'
      : undefined,
    wrong: [{
      breaks: renewsOnHangup,
      program: [change('tls-server.ts', 'sock.setSecureContext(buildServerTlsOptions(config))', 'Object.assign(sock, buildServerTlsOptions(config))')],
    }],
  },
  {
    id: 'cuts-them-off',
    of: RENEWS,
    find: ({ kind }) => kind === 'closed'
      ? 'new papers are for new handshakes: the clients that are there have keys of their own, and nothing has to be closed or started anew'
      : undefined,
    wrong: [{
      breaks: renewsOnHangup,
      program: [
        change('tls-server.ts', 'import { createServer,', 'import type { Socket } from \'node:net\'\nimport { createServer,'),
        change('tls-server.ts', '  process.on(\'SIGHUP\', () => reload(sock, unlocked))\n', `  const clients = new Set<Socket>()
  sock.on('secureConnection', conn => {
    clients.add(conn.once('close', () => clients.delete(conn)))
  })
  process.on('SIGHUP', () => {
    reload(sock, unlocked)
    for (const conn of clients) conn.end()
  })
`),
      ],
    }],
  },
]

function wordsOf(program: Situation['program']): string {
  return [...program?.output.seen ?? [], program?.errors ?? ''].join('\n')
}
