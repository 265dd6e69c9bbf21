import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import { runLine } from '#workbook/certs/make.ts'
import { spoil } from '#workbook/certs/spoiled.ts'
import type { Behaviour } from '#workbook/check/behaviour.ts'
import { expectExitCode, expectOneLine } from '#workbook/check/client/expect.ts'
import { Failure } from '#workbook/check/explain/failure.ts'
import { DEADLINES } from '#workbook/check/setting.ts'
import { echoWith, expectTalks } from './behaviours.ts'
import { change } from '#workbook/check/change.ts'
import type { Exercise } from '#workbook/check/lesson.ts'

// The stories of lesson 18's exercises.

const CLIENT = 'client.ts'
const SERVER = 'server.ts'
const MESSAGE = 'Good morning'
const SHORT = 'openssl x509 -req -days 3 -in certs/server.csr -signkey certs/server.key -extfile certs/server.ext -out certs/short.crt'

export const daysLeft: Behaviour = {
  id: 'exercise-days-left',
  title: 'it says in one line that a certificate has two or three days left, not thirty',
  alone: true,
  byHand: run => [run(SERVER, ['--cert', 'certs/short.crt']), run(CLIENT, ['--ca', 'certs/short.crt'])],
  async story(world) {
    const folder = world.papers()
    await runLine(SHORT, folder)
    // Which of the two it shows is for the client's name to choose, for there is one port.
    const certs = Object.fromEntries(['short', 'server'].map(name => [name, readFileSync(join(folder, `certs/${name}.crt`))]))
    let shown = 'short'
    const key = readFileSync(join(folder, 'certs/server.key'))
    await echoWith(world, {
      folder, cert: 'certs/short.crt',
      SNICallback: (_, done) => done(null, createSecureContext({ key, cert: certs[shown] })),
    })
    const start = (name: string) => world.start(CLIENT, ['--ca', `certs/${name}.crt`, '--name', 'localhost', MESSAGE], { cwd: folder })
    const soon = start('short')
    await expectTalks(soon)
    expectOneLine(soon, /(?<![\d.])[23](?![\d.])/, 'that says how many days are left')
    shown = 'server'
    const later = start('server')
    await expectTalks(later)
    if (later.errors !== '') throw new Failure('output', 'a certificate of thirty days is nothing to talk about yet', { program: later })
  },
}

export const pinIt: Behaviour = {
  id: 'exercise-pin-it',
  title: 'with --pin it talks only to a server that shows that certificate',
  alone: true,
  byHand: run => [run(SERVER), `${run(CLIENT, ['--pin', '00:11:22'])}; echo $?`],
  async story(world) {
    const folder = world.papers()
    // Signed by nobody it knows, for a name that it does not call: the fingerprint alone counts.
    await spoil(folder, 'other')
    const own = { folder, cert: 'certs/other.crt' }
    const { heard } = await echoWith(world, own)
    const print = new X509Certificate(readFileSync(join(folder, own.cert))).fingerprint256
    await expectTalks(world.start(CLIENT, ['--pin', print, MESSAGE], { cwd: folder }))
    heard.length = 0
    const other = new X509Certificate(readFileSync(join(folder, 'certs/server.crt'))).fingerprint256
    const wrong = world.start(CLIENT, ['--pin', other, MESSAGE], { cwd: folder })
    await wrong.ended(DEADLINES.start)
    if (heard.length > 0) throw new Failure('other', 'the client has sent its message to a server with another fingerprint', { program: wrong })
    expectOneLine(wrong, /./, 'that says why')
    expectExitCode(wrong, 1)
    const unpinned = world.start(CLIENT, [MESSAGE], { cwd: folder })
    await unpinned.ended(DEADLINES.start)
    if (heard.length > 0) throw new Failure('other', 'without --pin the client now talks with anybody', { program: unpinned })
    expectExitCode(unpinned, 1)
  },
}

/** What of the exercises can be checked; the others ask the reader to look at something, or to think. */
export const exercises: readonly Exercise[] = [
  {
    id: 'days-left',
    behaviours: [daysLeft],
    solution: [
      change('client.ts', 'import type { Socket } from \'node:net\'\nimport { connect }', 'import { connect, type TLSSocket }'),
      change('client.ts', 'Promise<Socket>', 'Promise<TLSSocket>'),
      change('client.ts', 'sendAndReceive(conn: Socket', 'sendAndReceive(conn: TLSSocket'),
      change('client.ts', '    const answer = ', `    const end = Date.parse(conn.getPeerCertificate().valid_to)
    const days = Math.floor((end - Date.now()) / 86_400_000)
    if (days < 7) console.error(\`The certificate expires in \${days} days\`)
    const answer = `),
    ],
  },
  {
    id: 'pin-it',
    behaviours: [pinIt],
    solution: [
      change('options.ts', '  help: {', '  pin: { type: \'string\' },\n  help: {'),
      change('options.ts', 'words: positionals', 'pin: values.pin,\n      words: positionals'),
      change('client.ts', '{ address, ca, name }', '{ address, ca, name, pin }'),
      change('client.ts', 'const trust = { ca: readCa(ca), servername: name, rejectUnauthorized: true }', `const trust = pin !== undefined
    ? { rejectUnauthorized: false }
    : { ca: readCa(ca), servername: name, rejectUnauthorized: true }`),
      change('client.ts', 'await once(conn, \'secureConnect\')', `await once(conn, 'secureConnect')
  if (pin !== undefined && conn.getPeerCertificate().fingerprint256 !== pin) {
    conn.destroy()
    throw new Error('It shows another certificate than the one in --pin')
  }`),
    ],
  },
]
