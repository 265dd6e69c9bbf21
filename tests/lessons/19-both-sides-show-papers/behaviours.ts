import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { runLine } from '#workbook/certs/make.ts'
import { prepareDates, spoil } from '#workbook/certs/spoiled.ts'
import type { Behaviour, World } from '#workbook/check/behaviour.ts'
import { Failure } from '#workbook/check/explain/failure.ts'
import type { Peer } from '#workbook/check/client/peer.ts'
import type { Program } from '#workbook/check/program/program.ts'
import { PORT } from '#workbook/check/setting.ts'
import { refuses } from '../12-the-command-line/behaviours.ts'
import { echoWith, expectTalks } from '../18-whom-do-you-trust/behaviours.ts'

const CLIENT = 'client.ts'
const SERVER = 'server.ts'
const WORDS = 'Hello\n'
// In milliseconds: until a client that is refused has heard so.
const LATE = 2500
const SIGN = 'openssl x509 -req -days 30'
const BY_CA = '-CA certs/ca.crt -CAkey certs/ca.key -CAcreateserial'
const CALL = `openssl s_client -quiet -connect 127.0.0.1:${PORT}`

/** What a client shows. */
interface Shown {
  cert: Buffer | undefined
  key: Buffer | undefined
}

const NOTHING: Shown = { cert: undefined, key: undefined }

/** The certificate of a file in certs/, with the key that is named. */
function shown(folder: string, cert: string, key = 'client'): Shown {
  return { cert: readFileSync(join(folder, `certs/${cert}.crt`)), key: readFileSync(join(folder, `certs/${key}.key`)) }
}

/** One more client that the CA of a folder vouches for. */
export async function issue(folder: string, name: string): Promise<Shown> {
  await runLine(`openssl req -new -newkey rsa:2048 -nodes -subj /CN=${name} -keyout certs/${name}.key -out certs/${name}.csr`, folder)
  await runLine(`${SIGN} -in certs/${name}.csr ${BY_CA} -extfile certs/client.ext -out certs/${name}.crt`, folder)
  return shown(folder, name, name)
}

export async function serveIn(world: World, folder: string, args: readonly string[] = []): Promise<Program> {
  const program = world.start(SERVER, args, { cwd: folder })
  await program.listening(PORT)
  return program
}

export async function served(world: World, tls: Partial<Shown>): Promise<Peer> {
  const peer = await world.connect(undefined, undefined, tls as Shown)
  await peer.send(WORDS)
  await peer.receives(WORDS)
  return peer
}

/** Expects that a client hears nothing but the end, in the handshake or right behind it. */
export async function expectRefused(world: World, program: Program, tls: Partial<Shown>, what: string): Promise<void> {
  let peer: Peer
  try {
    peer = await world.connect(undefined, undefined, tls as Shown)
  } catch (error) {
    // In TLS 1.2 a client knows it at once; in 1.3 it has finished before the server has looked.
    if (error instanceof Failure && error.kind === 'no-handshake') return
    throw error
  }
  await peer.send(WORDS).catch(() => {})
  const deadline = Date.now() + LATE
  while (peer.open && peer.pending.length === 0 && Date.now() < deadline) await peer.anything(100)
  const evidence = { program, peer }
  if (peer.pending.length > 0) throw new Failure('other', `a client that shows ${what} was served`, evidence)
  if (peer.open) throw new Failure('stays-open', `a client that shows ${what} is neither served nor disconnected`, evidence)
}

/** Expects a line that says why a handshake has failed. */
async function expectReason(program: Program, code: string): Promise<void> {
  await program.line(line => line.startsWith('No handshake with ') && line.includes(code), `No handshake with 127.0.0.1:49743: ${code}`)
}

/** Papers that are not as they should be, with the reason that OpenSSL has for each. */
async function wrongPapers(folder: string): Promise<{ what: string, code: string, tls: Shown }[]> {
  const make = async (what: string, code: string, line: string, key?: string) => {
    await runLine(`${line} -out certs/wrong.crt`, folder)
    return { what, code, tls: shown(folder, 'wrong', key) }
  }
  await spoil(folder, 'leaf')
  prepareDates(folder)
  writeFileSync(join(folder, 'certs/purpose.ext'), 'extendedKeyUsage=serverAuth\n')
  return [
    await make('a certificate that it signed itself', 'DEPTH_ZERO_SELF_SIGNED_CERT', `${SIGN} -in certs/client.csr -signkey certs/client.key`),
    await make('a certificate of another CA', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      `${SIGN} -in certs/client.csr -CA certs/somebody.crt -CAkey certs/somebody.key -CAcreateserial`),
    await make('a certificate that has expired', 'CERT_HAS_EXPIRED',
      'openssl ca -config certs/dates.cnf -batch -in certs/client.csr -cert certs/ca.crt -keyfile certs/ca.key '
      + '-startdate 20240101000000Z -enddate 20250101000000Z'),
    await make('a certificate for servers', 'INVALID_PURPOSE', `${SIGN} -in certs/server.csr ${BY_CA} -extfile certs/purpose.ext`, 'server'),
    await make('a certificate that another client has signed', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      `${SIGN} -in certs/server.csr -CA certs/client.crt -CAkey certs/client.key -CAcreateserial`, 'server'),
  ]
}

export const showsItsPapers: Behaviour = {
  id: 'shows-its-papers',
  title: 'the client shows its certificate to a server that asks for it',
  alone: true,
  byHand: run => [`openssl s_server -quiet -accept ${PORT} -Verify 1 -CAfile certs/ca.crt \\\n  -cert certs/server.crt -key certs/server.key`, run(CLIENT)],
  async story(world) {
    const folder = world.papers()
    const ca = readFileSync(join(folder, 'certs/ca.crt'))
    const subjects: unknown[] = []
    await echoWith(world, { folder, ca, requestCert: true, rejectUnauthorized: false }, (conn: Socket) => {
      const { authorized } = conn as TLSSocket
      subjects.push(authorized ? (conn as TLSSocket).getPeerCertificate().subject.CN : undefined)
    })
    await issue(folder, 'bob')
    for (const [name, args] of [['alice', []], ['bob', ['--cert', 'certs/bob.crt', '--key', 'certs/bob.key']]] as const) {
      const client = world.start(CLIENT, [...args, 'Good morning'], { cwd: folder })
      await expectTalks(client)
      const subject = subjects.shift()
      if (subject !== name) {
        throw new Failure('other', `the client should show the certificate of ${name}, and shows ${subject ? `that of ${String(subject)}` : 'none that the CA has signed'}`, { program: client })
      }
    }
  },
}

export const noPapersNoEntry: Behaviour = {
  id: 'no-papers-no-entry',
  title: 'a client without a certificate is refused before a byte is echoed',
  alone: true,
  byHand: run => [run(), CALL],
  async story(world) {
    const program = await serveIn(world, world.papers())
    await served(world, {})
    for (const maxVersion of ['TLSv1.3', 'TLSv1.2'] as const) {
      await expectRefused(world, program, { ...NOTHING, maxVersion } as Shown, 'no certificate')
      await expectReason(program, '')
    }
    await served(world, {})
  },
}

export const wrongPapersNoEntry: Behaviour = {
  id: 'wrong-papers-no-entry',
  title: 'so is one whose certificate the CA did not sign, or not for a client',
  alone: true,
  byHand: run => [run(), `${CALL} \\\n  -cert certs/mallory.crt -key certs/mallory.key`],
  async story(world) {
    const folder = world.papers()
    const papers = await wrongPapers(folder)
    const program = await serveIn(world, folder)
    const good = shown(folder, 'client')
    await served(world, good)
    for (const { what, tls } of papers) await expectRefused(world, program, tls, what)
    await served(world, good)
  },
}

export const saysWhyNoEntry: Behaviour = {
  id: 'says-why-no-entry',
  title: 'its log says what was wrong: No handshake with …: CERT_HAS_EXPIRED',
  alone: true,
  byHand: run => [run(), `${CALL} \\\n  -cert certs/mallory.crt -key certs/mallory.key`],
  async story(world) {
    const folder = world.papers()
    const papers = await wrongPapers(folder)
    const program = await serveIn(world, folder)
    for (const { what, code, tls } of papers) {
      await expectRefused(world, program, tls, what)
      await expectReason(program, code)
    }
  },
}

export const namesItsClients: Behaviour = {
  id: 'names-its-clients',
  title: 'it prints who a client is: 127.0.0.1:49743 is \'alice\'',
  alone: true,
  byHand: run => [run(), run(CLIENT)],
  async story(world) {
    const folder = world.papers()
    const people = { alice: shown(folder, 'client'), bob: await issue(folder, 'bob') }
    const program = await serveIn(world, folder)
    for (const name of ['bob', 'alice', 'bob'] as const) {
      const peer = await served(world, people[name])
      await program.says(`127.0.0.1:${peer.port} is '${name}'`)
    }
  },
}

export const turnsAwayByName: Behaviour = {
  id: 'turns-away-by-name',
  title: 'with --turn-away bob, bob gets one line and the end, and alice is served',
  alone: true,
  byHand: run => [run(SERVER, ['--turn-away', 'alice']), run(CLIENT)],
  async story(world) {
    const folder = world.papers()
    const alice = shown(folder, 'client')
    const [bob, carol] = [await issue(folder, 'bob'), await issue(folder, 'carol')]
    const program = await serveIn(world, folder, ['--turn-away', 'bob', '--turn-away', 'carol'])
    for (const tls of [bob, carol]) {
      const peer = await world.connect(undefined, undefined, tls)
      await peer.send(WORDS).catch(() => {})
      const said = (await peer.answer(LATE)).toString()
      if (!/^[^\n]*\p{L}{2}[^\n]*\n$/u.test(said) || said.includes(WORDS)) {
        throw new Failure('other', `a client that is turned away should get one line, and got ${said === '' ? 'nothing' : JSON.stringify(said)}`, { program, peer })
      }
      if (/\bfull\b/i.test(said)) throw new Failure('other', `a client that is not wanted was told ${JSON.stringify(said)}, and the server is empty`, { program, peer })
      await program.says(`Turned away 127.0.0.1:${peer.port}`)
      await served(world, alice)
    }
  },
}

export const anonymousByNameOnly: Behaviour = {
  id: 'anonymous-by-name-only',
  title: 'with --allow-unauthenticated-clients everybody is served, as anonymous',
  alone: true,
  byHand: run => [run(SERVER, ['--allow-unauthenticated-clients']), CALL],
  async story(world) {
    const program = await serveIn(world, world.papers(), ['--allow-unauthenticated-clients'])
    const peer = await served(world, NOTHING)
    await program.says(`127.0.0.1:${peer.port} is anonymous`)
    await served(world, {})
  },
}

export const caFolder: Behaviour = {
  id: 'ca-folder',
  title: 'with --ca-path it trusts each .crt in that folder, and nobody else',
  alone: true,
  byHand: run => [`mkdir trusted; cp certs/ca.crt trusted\n${run(SERVER, ['--ca-path', 'trusted'])}`, run(CLIENT)],
  async story(world) {
    const folder = world.papers()
    await spoil(folder, 'leaf')
    mkdirSync(join(folder, 'trusted'))
    await runLine(`${SIGN} -in certs/client.csr -CA certs/somebody.crt -CAkey certs/somebody.key -CAcreateserial -out certs/foreign.crt`, folder)
    await runLine(`${SIGN} -in certs/client.csr -signkey certs/client.key -out certs/self.crt`, folder)
    for (const name of ['ca', 'somebody']) renameSync(join(folder, `certs/${name}.crt`), join(folder, `trusted/${name}.crt`))
    writeFileSync(join(folder, 'trusted/README'), 'Whom we trust\n')
    const program = await serveIn(world, folder, ['--ca-path', 'trusted'])
    await served(world, shown(folder, 'client'))
    await served(world, shown(folder, 'foreign'))
    await expectRefused(world, program, shown(folder, 'self'), 'a certificate that it signed itself')
  },
}

export const contradictions: Behaviour = {
  id: 'contradictions',
  title: 'two answers to who may come are refused, exit code 2; no certificate, 1',
  alone: true,
  byHand: run => [`${run(SERVER, ['--ca', 'certs/ca.crt', '--allow-unauthenticated-clients'])}; echo $?`],
  async story(world) {
    const folder = world.papers()
    mkdirSync(join(folder, 'empty'))
    const options = { cwd: folder }
    // Several are started at once, and those that guess would be in each other's way.
    const two = [
      [['--ca', 'certs/ca.crt', '--ca-path', 'certs', '--port', '0'], /caFile.*caPath/],
      [['--ca', 'certs/ca.crt', '--allow-unauthenticated-clients', '--port', '0'], /caFile.*allowUnauthenticatedClients/],
      [['--ca-path', 'certs', '--allow-unauthenticated-clients', '--port', '0'], /caPath.*allowUnauthenticatedClients/],
    ] as const
    await refuses(
      world, ...two.map(([args, words]) => ({ args, words, options, exitCode: 2 }) as const),
      ...[['--ca', 'no.crt'], ['--ca', 'certs/ca.key'], ['--ca-path', 'nowhere'], ['--ca-path', 'empty']]
        .map(args => ({ args, options, exitCode: 1, words: new RegExp(args[1]!.replace('.', '\\.')) }) as const),
    )
  },
}

/** What begins to hold in this lesson, in the order in which it is told. */
export const behaviours = [
  showsItsPapers, noPapersNoEntry, wrongPapersNoEntry, saysWhyNoEntry, namesItsClients,
  turnsAwayByName, anonymousByNameOnly, caFolder, contradictions,
]
