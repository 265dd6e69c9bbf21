import { X509Certificate } from 'node:crypto'
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runLine } from '#workbook/certs/make.ts'
import type { Behaviour, World } from '#workbook/check/behaviour.ts'
import { Failure } from '#workbook/check/explain/failure.ts'
import type { Peer } from '#workbook/check/client/peer.ts'
import type { Program } from '#workbook/check/program/program.ts'
import { DEADLINES, PORT } from '#workbook/check/setting.ts'
import { expectRefused, issue, served, serveIn } from '../19-both-sides-show-papers/behaviours.ts'
import { lock, secretOf } from './behaviours.ts'

const SERVER = 'server.ts'
const HANGUP = 'SIGHUP'
const WORDS = 'Hello\n'
// In milliseconds.
const LINGERS = 300
const SELF = '-signkey certs/server.key -extfile certs/server.ext'
const PAIR = ['--cert', 'certs/new.crt', '--key', 'certs/new.key']
const PID = `$(lsof -t -iTCP:${PORT} -sTCP:LISTEN)`
const TALK = `openssl s_client -quiet -connect 127.0.0.1:${PORT} \\\n  -cert certs/client.crt -key certs/client.key`
const LOOK = `openssl s_client -connect 127.0.0.1:${PORT} </dev/null 2>/dev/null \\\n  | openssl x509 -noout -serial`

/** What the reader does to see it, besides the server. */
export const RENEW = `openssl x509 -req -in certs/server.csr -signkey certs/server.key \\
  -extfile certs/server.ext -days 30 -out certs/server.crt
kill -HUP ${PID}`

/** Puts a file in the place of another, as `mv` does: nobody sees half of it. */
function put(folder: string, content: string | Buffer, name: string): void {
  writeFileSync(join(folder, 'certs/part'), content, { mode: 0o600 })
  renameSync(join(folder, 'certs/part'), join(folder, `certs/${name}`))
}

const contentOf = (folder: string, name: string) => readFileSync(join(folder, `certs/${name}`))

/** A new certificate in the place of the one that is served, for a key of the folder. */
export async function renew(folder: string, key = 'server', days = 30): Promise<string> {
  await runLine(`openssl req -new -key certs/${key}.key -subj /CN=localhost -out certs/next.csr`, folder)
  await runLine(`openssl x509 -req -days ${days} -in certs/next.csr ${SELF.replace('server.key', `${key}.key`)} -out certs/next.crt`, folder)
  const cert = contentOf(folder, 'next.crt')
  put(folder, cert, 'new.crt')
  return new X509Certificate(cert).fingerprint256
}

/** The papers that a server is started with, in files of their own. */
export async function begin(folder: string): Promise<string> {
  put(folder, contentOf(folder, 'server.key'), 'new.key')
  return await renew(folder)
}

async function talks(peer: Peer, program: Program): Promise<void> {
  const gone = () => new Failure('closed', 'a client that was there before the signal has lost its connection', { program, peer })
  if (!program.running || !peer.open) throw gone()
  await peer.send(WORDS)
  await peer.receives(WORDS).catch((error: unknown) => {
    throw error instanceof Failure && ['closed', 'broke'].includes(error.kind) ? gone() : error
  })
}

function expectRunning(program: Program): void {
  if (program.running) return
  throw new Failure('ended', `your program was sent ${HANGUP}, and has ended with exit code ${program.exitCode}`, { program, signal: HANGUP })
}

/** A connection is lost before we hear that the whole program is. */
async function expectAlive(program: Program): Promise<void> {
  await program.ended(LINGERS).catch(() => {})
  expectRunning(program)
}

/** Waits until a new client is shown this certificate; the signal travels, and is handled, in its own time. */
export async function expectShown(world: World, program: Program, fingerprint: string): Promise<void> {
  for (const deadline = Date.now() + DEADLINES.line; ;) {
    expectRunning(program)
    const peer = await world.connect().catch(async (error: unknown) => {
      await expectAlive(program)
      throw error
    })
    const { agreed } = peer
    await talks(peer, program).catch(async (error: unknown) => {
      await expectAlive(program)
      if (!(error instanceof Failure)) throw error
      throw new Failure('other', `after ${HANGUP} a new client, whose papers are good, is not served`, {
        program, peer, certain: false,
      })
    })
    peer.destroy()
    if (agreed.fingerprint === fingerprint) return
    if (Date.now() > deadline) {
      throw new Failure('other', `after ${HANGUP} a new client is still shown the old certificate`, { program, peer, certain: false })
    }
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

/** Sends the signal, and waits until it says that all stays as it was. */
async function saysItKeeps(program: Program, what: string, names: RegExp): Promise<void> {
  const before = program.errors.length
  program.signal(HANGUP)
  const wanted = `${HANGUP}: nothing has changed. (and why)`
  const fits = (line: string) => /\p{L}/u.test(line) && names.test(line)
  for (const deadline = Date.now() + DEADLINES.line; ;) {
    const errors = program.errors.slice(before).split('\n')
    if (program.output.take(fits) !== undefined || errors.some(fits)) break
    if (!program.running) throw new Failure('ended', `${what}, and your program has ended with exit code ${program.exitCode}`, { program, signal: HANGUP })
    if (Date.now() > deadline) throw new Failure('no-line', `${what}, and your program should say so in a line that names the file`, { program, wanted })
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

export const renewsOnHangup: Behaviour = {
  id: 'renews-on-hangup',
  title: 'after SIGHUP new clients see the new certificate, and old ones talk on',
  platforms: ['linux', 'darwin'],
  alone: true,
  byHand: run => [run(), `${LOOK}\n${TALK}`, `${RENEW}\n${LOOK}\n${TALK}`],
  async story(world) {
    const folder = world.papers()
    const first = await begin(folder)
    const program = await serveIn(world, folder, PAIR)
    await expectShown(world, program, first)
    const before = await served(world, {})
    const second = await renew(folder)
    program.signal(HANGUP)
    await expectShown(world, program, second)
    await talks(before, program)
    // A new key as well.
    const between = await served(world, {})
    await runLine('openssl genrsa -out certs/another.key 2048', folder)
    put(folder, contentOf(folder, 'another.key'), 'new.key')
    const third = await renew(folder, 'another')
    program.signal(HANGUP)
    await expectShown(world, program, third)
    for (const peer of [before, between]) {
      await talks(peer, program)
      peer.end()
      await peer.receivesToEnd('')
    }
  },
}

export const renewsALockedKey: Behaviour = {
  id: 'renews-a-locked-key',
  title: 'the same with a locked key, whose passphrase it still knows',
  platforms: ['linux', 'darwin'],
  alone: true,
  byHand: run => [run(SERVER, ['--key', 'certs/locked.key', '--passphrase-file', 'certs/passphrase']), `${RENEW}\n${LOOK}`],
  async story(world) {
    const folder = world.papers()
    const PASSPHRASE = secretOf(world)
    await lock(folder, PASSPHRASE)
    await renew(folder)
    const program = world.start(SERVER, ['--cert', 'certs/new.crt', '--key', 'certs/secret.key'], { cwd: folder, env: { PASSPHRASE } })
    await program.listening(PORT)
    const before = await served(world, {})
    const second = await renew(folder)
    program.signal(HANGUP)
    await expectShown(world, program, second)
    await talks(before, program)
  },
}

export const keepsWhatWorks: Behaviour = {
  id: 'keeps-what-works',
  title: 'renewed papers that will not do: it says so in a line, and keeps the old',
  platforms: ['linux', 'darwin'],
  alone: true,
  byHand: run => [run(SERVER), `mv certs/server.crt certs/away.crt\nkill -HUP ${PID}\nmv certs/away.crt certs/server.crt`],
  async story(world) {
    const folder = world.papers()
    const first = await begin(folder)
    const key = contentOf(folder, 'new.key')
    const program = await serveIn(world, folder, PAIR)
    const before = await served(world, {})
    await runLine('openssl genrsa -out certs/another.key 2048', folder)
    await lock(folder, secretOf(world))
    const spoilt: [what: string, names: RegExp, spoil: () => void][] = [
      ['the certificate was gone when SIGHUP came', /new\.crt/, () => rmSync(join(folder, 'certs/new.crt'))],
      ['the certificate was cut short when SIGHUP came', /new\.crt/, () => put(folder, contentOf(folder, 'server.crt').subarray(0, 300), 'new.crt')],
      ['the key was another when SIGHUP came', /new\.(key|crt)/, () => put(folder, contentOf(folder, 'another.key'), 'new.key')],
      ['the key was locked when SIGHUP came', /new\.key/, () => put(folder, contentOf(folder, 'secret.key'), 'new.key')],
    ]
    for (const [what, names, spoil] of spoilt) {
      await renew(folder)
      spoil()
      await saysItKeeps(program, what, names)
      await expectShown(world, program, first)
      await talks(before, program)
      put(folder, key, 'new.key')
    }
    const last = await renew(folder)
    program.signal(HANGUP)
    await expectShown(world, program, last)
    await talks(before, program)
  },
}

export const reloadForgetsNothing: Behaviour = {
  id: 'reload-forgets-nothing',
  title: 'after SIGHUP it trusts your CA as before, nobody else, and no old TLS',
  platforms: ['linux', 'darwin'],
  alone: true,
  byHand: run => [run(), RENEW, run('client.ts')],
  async story(world) {
    const folder = world.papers()
    await begin(folder)
    const program = await serveIn(world, folder, PAIR)
    await served(world, {})
    const second = await renew(folder)
    program.signal(HANGUP)
    await expectShown(world, program, second)
    await served(world, await issue(folder, 'bob'))
    await expectRefused(world, program, { cert: undefined, key: undefined }, 'no certificate')
    const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
    const peer = await world.connect(undefined, undefined, old).catch((error: unknown) => {
      if (error instanceof Failure && error.kind === 'no-handshake') return undefined
      throw error
    })
    if (peer) throw new Failure('other', 'after SIGHUP your server agrees to speak TLS 1.1', { program, peer })
  },
}

/** What begins to hold in this lesson, in the order in which it is told. */
export const behaviours = [
  renewsOnHangup, renewsALockedKey, keepsWhatWorks, reloadForgetsNothing,
]
