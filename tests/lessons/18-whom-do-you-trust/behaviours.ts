import { writeFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { spoil, type Spoiled } from '#workbook/certs/spoiled.ts'
import type { Behaviour, World } from '#workbook/check/behaviour.ts'
import { expectExitCode, expectOneLine } from '#workbook/check/client/expect.ts'
import { Failure } from '#workbook/check/explain/failure.ts'
import type { Program, StartOptions } from '#workbook/check/program/program.ts'
import { DEADLINES, PORT } from '#workbook/check/setting.ts'
import { refuses } from '../12-the-command-line/behaviours.ts'

const CLIENT = 'client.ts'
const SERVER = 'server.ts'
const MESSAGE = 'Good morning'

/** What a server in the checker's hand has seen of its clients. */
interface Seen {
  /** The bytes that they have sent. */
  heard: Buffer[]
  /** The names that they have asked for. */
  names: unknown[]
}

/** A server in the checker's hand that echoes, and shows these papers. */
export async function echoWith(
  { answer }: World, own?: Parameters<World['answer']>[1], onConnection?: (conn: Socket) => void,
): Promise<Seen> {
  const seen: Seen = { heard: [], names: [] }
  await answer((conn: Socket) => {
    onConnection?.(conn)
    seen.names.push((conn as TLSSocket).servername)
    conn.on('data', (data: Buffer) => {
      seen.heard.push(data)
      conn.write(data)
    })
    conn.on('end', () => conn.end())
  }, own)
  return seen
}

/** The same with a certificate that is not as it should be; the folder is for the client to be started in. */
async function echoSpoiled(world: World, kind: Spoiled): Promise<Seen & { folder: string }> {
  const folder = world.papers()
  const files = await spoil(folder, kind)
  return { folder, ...await echoWith(world, { folder, ...files }) }
}

/** Expects that a client gets its answer. */
export async function expectTalks(program: Program, message = MESSAGE): Promise<void> {
  await program.says(`Received: '${message}'`)
  await program.ended(DEADLINES.start)
  expectExitCode(program, 0)
}

/** Expects that a client hangs up before it has said a word, and says why. */
async function hangsUp(
  world: World, kind: Spoiled, code: string, args: readonly string[] = [], options: StartOptions = {},
): Promise<void> {
  const { folder, heard } = await echoSpoiled(world, kind)
  const program = world.start(CLIENT, [...args, MESSAGE], { ...options, cwd: folder })
  await program.ended(DEADLINES.start)
  if (heard.length > 0) throw new Failure('other', `the client has sent its message to a server that shows ${SHOWN[kind]}`, { program })
  // Node may have a warning of its own about the environment.
  if (!options.env) expectOneLine(program, new RegExp(code), `that names ${code}`)
  else if (!program.errors.includes(code)) throw new Failure('ended-otherwise', `your program should say ${code}`, { program })
  expectExitCode(program, 1)
}

const SHOWN: Record<Spoiled, string> = {
  mallory: 'a certificate that it was not given',
  other: 'a certificate for another name',
  expired: 'a certificate that has expired',
  early: 'a certificate that is not valid yet',
  leaf: 'a certificate that nobody has signed whom it knows',
}

export const trustsItsOwn: Behaviour = {
  id: 'trusts-its-own',
  title: 'over TLS the client talks to a server whose certificate it was given',
  alone: true,
  byHand: run => [run(SERVER), run(CLIENT, [MESSAGE])],
  async story(world) {
    await echoWith(world)
    await expectTalks(world.start(CLIENT, [MESSAGE]))
  },
}

export const refusesStrangers: Behaviour = {
  id: 'refuses-strangers',
  title: 'a stranger with the right name is refused: DEPTH_ZERO_SELF_SIGNED_CERT',
  alone: true,
  byHand: run => [run(SERVER, ['--cert', 'certs/mallory.crt', '--key', 'certs/mallory.key']), `${run(CLIENT)}; echo $?`],
  story: world => hangsUp(world, 'mallory', 'DEPTH_ZERO_SELF_SIGNED_CERT'),
}

export const refusesAnotherName: Behaviour = {
  id: 'refuses-another-name',
  title: 'a certificate for another name is refused: ERR_TLS_CERT_ALTNAME_INVALID',
  alone: true,
  byHand: run => [run(SERVER, ['--cert', 'certs/other.crt']), `${run(CLIENT, ['--ca', 'certs/other.crt'])}; echo $?`],
  story: world => hangsUp(world, 'other', 'ERR_TLS_CERT_ALTNAME_INVALID', ['--ca', 'certs/other.crt']),
}

export const refusesExpired: Behaviour = {
  id: 'refuses-expired',
  title: 'an expired certificate is refused: CERT_HAS_EXPIRED',
  alone: true,
  byHand: run => [run(SERVER, ['--cert', 'certs/expired.crt']), `${run(CLIENT, ['--ca', 'certs/expired.crt'])}; echo $?`],
  story: world => hangsUp(world, 'expired', 'CERT_HAS_EXPIRED', ['--ca', 'certs/expired.crt']),
}

export const refusesEarly: Behaviour = {
  id: 'refuses-early',
  title: 'a certificate that is not valid yet is refused: CERT_NOT_YET_VALID',
  alone: true,
  byHand: run => [run(SERVER, ['--cert', 'certs/early.crt']), `${run(CLIENT, ['--ca', 'certs/early.crt'])}; echo $?`],
  story: world => hangsUp(world, 'early', 'CERT_NOT_YET_VALID', ['--ca', 'certs/early.crt']),
}

export const refusesUnknownCa: Behaviour = {
  id: 'refuses-unknown-ca',
  title: 'one signed by an unknown CA is refused: UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  alone: true,
  byHand: run => [run(SERVER, ['--cert', 'certs/leaf.crt']), `${run(CLIENT)}; echo $?`],
  story: world => hangsUp(world, 'leaf', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
}

export const obeysCa: Behaviour = {
  id: 'obeys-ca',
  title: 'with --ca it trusts a server whose certificate that CA has signed',
  alone: true,
  byHand: run => [run(SERVER, ['--cert', 'certs/leaf.crt']), run(CLIENT, ['--ca', 'certs/somebody.crt'])],
  async story(world) {
    const { folder } = await echoSpoiled(world, 'leaf')
    await expectTalks(world.start(CLIENT, ['--ca', 'certs/somebody.crt', MESSAGE], { cwd: folder }))
  },
}

export const obeysName: Behaviour = {
  id: 'obeys-name',
  title: 'with --name it asks for that name, and takes no other',
  alone: true,
  byHand: run => [
    run(SERVER, ['--cert', 'certs/other.crt']),
    run(CLIENT, ['--ca', 'certs/other.crt', '--name', 'example.org']),
  ],
  async story(world) {
    const { folder, names, heard } = await echoSpoiled(world, 'other')
    const start = (name: string) => world.start(CLIENT, ['--ca', 'certs/other.crt', '--name', name, MESSAGE], { cwd: folder })
    const right = start('example.org')
    await expectTalks(right)
    const asked = names[0]
    if (asked !== 'example.org') {
      throw new Failure('other', `the client should tell the server the name, and ${asked ? `told it ${JSON.stringify(asked)}` : 'told it none'}`, { program: right })
    }
    heard.length = 0
    const wrong = start('localhost')
    await wrong.ended(DEADLINES.start)
    if (heard.length > 0) throw new Failure('other', 'the client was told --name localhost, and talks with example.org', { program: wrong })
    expectOneLine(wrong, /ERR_TLS_CERT_ALTNAME_INVALID/, 'that names ERR_TLS_CERT_ALTNAME_INVALID')
    expectExitCode(wrong, 1)
  },
}

export const notTalkedOutOfIt: Behaviour = {
  id: 'not-talked-out-of-it',
  title: 'NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment changes nothing',
  alone: true,
  byHand: run => [
    run(SERVER, ['--cert', 'certs/mallory.crt', '--key', 'certs/mallory.key']),
    `NODE_TLS_REJECT_UNAUTHORIZED=0 ${run(CLIENT)}; echo $?`,
  ],
  story: world => hangsUp(world, 'mallory', 'DEPTH_ZERO_SELF_SIGNED_CERT', [], { env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } }),
}

export const nobodyToTrust: Behaviour = {
  id: 'nobody-to-trust',
  title: 'no certificate in --ca is one line and exit code 1; no name in --name, 2',
  alone: true,
  byHand: run => [`${run(CLIENT, ['--ca', 'certs/server.key'])}; echo $?`],
  async story(world) {
    const folder = world.papers()
    writeFileSync(join(folder, 'certs/empty.crt'), '')
    const options = { cwd: folder }
    const files = ['certs/none.crt', 'certs/server.key', 'certs/empty.crt', 'certs']
    await refuses(
      world,
      ...files.map(file => ({ file: CLIENT, args: ['--ca', file], options, exitCode: 1, words: new RegExp(file.replace('.', '\\.')) }) as const),
      ...['127.0.0.1', '::1', ''].map(name => ({ file: CLIENT, args: ['--name', name], options, exitCode: 2 }) as const),
    )
  },
}

export const noTlsThere: Behaviour = {
  id: 'no-tls-there',
  title: 'a server without TLS is one line that a human can read, and exit code 1',
  alone: true,
  byHand: run => [`echo Full | nc -l 127.0.0.1 ${PORT}`, `${run(CLIENT)}; echo $?`],
  async story(world) {
    await world.answer(conn => void conn.resume().end('Full: 25 clients are here. Try again later.\n'), 'plain')
    const program = world.start(CLIENT)
    await program.ended(DEADLINES.start)
    expectOneLine(program, /^(?!.*[0-9A-F]{8}:error:)/, 'that a human can read')
    expectExitCode(program, 1)
  },
}

/** What begins to hold in this lesson, in the order in which it is told. */
export const behaviours = [
  trustsItsOwn, refusesStrangers, refusesAnotherName, refusesExpired, refusesEarly,
  refusesUnknownCa, obeysCa, obeysName, notTalkedOutOfIt, nobodyToTrust, noTlsThere,
]
