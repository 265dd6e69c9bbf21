import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makePapers } from '#workbook/certs/make.ts'
import type { Behaviour, World } from '#workbook/check/behaviour.ts'
import { Failure } from '#workbook/check/explain/failure.ts'
import { descriptorsOf } from '#workbook/machine/sockets.ts'
import type { Peer } from '#workbook/check/client/peer.ts'
import type { Program } from '#workbook/check/program/program.ts'
import { DEADLINES, PORT } from '#workbook/check/setting.ts'
import { comesIn } from '../14-limits/behaviours.ts'

const SERVER = 'server.ts'
const WORDS = 'Hello\n'
const CLIENT = `openssl s_client -quiet -no_ign_eof -connect 127.0.0.1:${PORT}`
// Openssl's s_client cannot say that it has sent all, and read on.
const SENDER = `node -e "const c = require('tls').connect({
  port: ${PORT}, rejectUnauthorized: false, allowHalfOpen: true })
c.end(Buffer.alloc(2e5)); let n = 0
c.on('data', d => n += d.length)
c.on('end', () => console.log(n))"`
/** The beginning of a ClientHello: a record of 512 bytes, of which a few have come. */
const HALF_HELLO = Buffer.from('1603010200010001fc0303', 'hex')
// In milliseconds: how far clocks and a loaded machine may be out.
const EARLY = 200
const LATE = 2500

async function serve({ start }: World, args: readonly string[]): Promise<Program> {
  const program = start(SERVER, args)
  await program.listening(PORT)
  return program
}

async function newcomer({ connect }: World): Promise<Peer> {
  const peer = await connect()
  await peer.send(WORDS)
  await peer.receives(WORDS)
  return peer
}

/** Waits for the line about a handshake that came to nothing. Who has left has no address any more. */
async function saysNoHandshake(program: Program, who: string): Promise<void> {
  const start = `No handshake with ${who}: `
  await program.line(line => line.startsWith(start) && /^E[A-Z\d_]+$/.test(line.slice(start.length)), `${start}ERR_SSL_...`)
}

async function expectLetGo(peer: Peer, ms: number, what: string): Promise<void> {
  const since = Date.now()
  while (peer.open && Date.now() - since < ms + LATE) await peer.anything(100)
  const lasted = `${((Date.now() - since) / 1000).toFixed(1)} s`
  if (peer.open) throw new Failure('stays-open', `${what} is still connected after ${lasted}`, { peer })
  if (Date.now() - since < ms - EARLY) throw new Failure('closed', `${what} was cut off after ${lasted}, which is too soon`, { peer })
}

export const tlsVersions: Behaviour = {
  id: 'tls-versions',
  title: 'it speaks TLS 1.3 and TLS 1.2, and sends back what is sent in both',
  byHand: run => [run(), ...['-tls1_3', '-tls1_2'].map(version => `${CLIENT} ${version}`)],
  async story({ serve, connect }) {
    await serve()
    for (const version of ['TLSv1.3', 'TLSv1.2'] as const) {
      const peer = await connect(undefined, {}, { minVersion: version, maxVersion: version })
      await peer.send(WORDS)
      await peer.receives(WORDS)
      peer.end()
      await peer.receivesToEnd('')
    }
  },
}

export const noOldTls: Behaviour = {
  id: 'no-old-tls',
  title: 'it refuses a client that knows nothing newer than TLS 1.1',
  byHand: run => [run(), `openssl s_client -tls1_1 -cipher DEFAULT@SECLEVEL=0 \\\n  -connect 127.0.0.1:${PORT}`],
  async story(world) {
    const program = await world.serve()
    for (const version of ['TLSv1.1', 'TLSv1'] as const) {
      const old = { minVersion: version, maxVersion: version, ciphers: 'DEFAULT:@SECLEVEL=0' } as const
      const peer = await world.connect(undefined, {}, old).catch((error: unknown) => {
        if (error instanceof Failure && error.kind === 'no-handshake') return undefined
        throw error
      })
      if (peer) throw new Failure('other', `your server has agreed to speak ${version.replace('v', ' ')}`, { program, peer })
    }
    await newcomer(world)
  },
}

export const ownPapers: Behaviour = {
  id: 'own-papers',
  title: 'it shows the certificate that --cert names, with the key that --key names',
  alone: true,
  byHand: run => [
    'openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=other \\\n  -keyout other.key -out other.crt',
    run(SERVER, ['--cert', 'other.crt', '--key', 'other.key']),
    `openssl s_client -connect 127.0.0.1:${PORT} </dev/null | grep subject`,
  ],
  async story({ start, connect }) {
    const folder = mkdtempSync(join(tmpdir(), 'port-'))
    try {
      await makePapers(folder, { sets: ['server'] })
      renameSync(join(folder, 'certs'), join(folder, 'papers'))
      // Beside them lie those that it would take otherwise.
      const program = start(SERVER, ['--cert', 'papers/server.crt', '--key', 'papers/server.key'], { cwd: folder })
      await program.listening(PORT)
      const peer = await connect()
      const { fingerprint256 } = new X509Certificate(readFileSync(join(folder, 'papers/server.crt')))
      if (peer.agreed.fingerprint !== fingerprint256) {
        throw new Failure('other', 'your server shows another certificate than the one that --cert names', { program, peer })
      }
      await peer.send(WORDS)
      await peer.receives(WORDS)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

export const namesBadHandshakes: Behaviour = {
  id: 'names-bad-handshakes',
  title: 'a client without TLS is logged: "No handshake with 127.0.0.1:49743: ..."',
  byHand: run => [run(), `echo Hello | nc -N 127.0.0.1 ${PORT}`],
  async story(world) {
    const program = await world.serve()
    const other = await newcomer(world)
    const noise = world.random.bytes(300)
    noise[0] = 0xff
    const broken = Buffer.concat([Buffer.from('1603010005', 'hex'), Buffer.from('Hello')])
    for (const bytes of [Buffer.from(WORDS), Buffer.from('GET / HTTP/1.1\r\n\r\n'), noise, broken]) {
      const caller = await world.call()
      await caller.send(bytes)
      await saysNoHandshake(program, `127.0.0.1:${caller.port}`)
      await expectLetGo(caller, 0, 'a client that speaks no TLS')
    }
    await other.send(WORDS)
    await other.receives(WORDS)
    await newcomer(world)
  },
}

export const silentCallers: Behaviour = {
  id: 'silent-callers',
  title: 'a caller that does not finish the handshake within --timeout is cut off',
  alone: true,
  byHand: run => [run(SERVER, ['--timeout', '2']), `time nc -d 127.0.0.1 ${PORT}`],
  async story(world) {
    const program = await serve(world, ['--timeout', '1'])
    const silent = await world.call()
    const slow = await world.call()
    await slow.send(HALF_HELLO)
    await Promise.all([
      expectLetGo(silent, 1000, 'with --timeout 1 a client that connects and says nothing'),
      expectLetGo(slow, 1000, 'with --timeout 1 a client that stops in the middle of its first message'),
    ])
    await saysNoHandshake(program, `127.0.0.1:${silent.port}`)
    await newcomer(world)
  },
}

export const leavesInMidHandshake: Behaviour = {
  id: 'leaves-in-mid-handshake',
  title: 'a caller that leaves in the middle of the handshake leaves nothing behind',
  platforms: ['linux'],
  alone: true,
  byHand: run => [run(), `for i in $(seq 20); do nc -z 127.0.0.1 ${PORT}; done\nls /proc/$(lsof -t -iTCP:${PORT} -sTCP:LISTEN)/fd | wc -l`],
  async story(world) {
    const program = await serve(world, [])
    await (await newcomer(world)).leave(500)
    await program.settled()
    const before = descriptorsOf(program.pid) ?? 0
    for (let count = 0; count < CALLERS; count++) {
      const caller = await world.call()
      if (count % 4 > 0) await caller.send(HALF_HELLO)
      if (count % 2 > 0) caller.reset()
      else if (count % 4 > 0) caller.end()
      else caller.destroy()
    }
    // When this one is served, all that called before it have been taken.
    await (await newcomer(world)).leave(500)
    const kept = () => (descriptorsOf(program.pid) ?? 0) - before
    for (const deadline = Date.now() + LATE; kept() > 2 && Date.now() < deadline;) {
      await new Promise(resolve => setTimeout(resolve, 20))
    }
    if (!program.running) throw new Failure('ended', 'your program ended', { program })
    if (kept() > 2) {
      throw new Failure('descriptors', `${CALLERS} clients left in the middle of the handshake, and your server holds on to ${kept()} of them`, { program })
    }
  },
}

export const callersHoldNoPlace: Behaviour = {
  id: 'callers-hold-no-place',
  title: 'a caller that has not finished the handshake takes no client\'s place',
  alone: true,
  byHand: run => [run(SERVER, ['--max-connections', '1']), `nc -d 127.0.0.1 ${PORT}`, CLIENT],
  async story(world) {
    await serve(world, ['--max-connections', '1'])
    for (let count = 0; count < 5; count++) await world.call()
    await newcomer(world)
  },
}

export const freesThePlace: Behaviour = {
  id: 'frees-the-place',
  title: 'a client that sends 200 kB and ends gets all of it, and then its place is free',
  alone: true,
  byHand: run => [`${run(SERVER, ['--max-connections', '1'])} | grep -v Received:`, SENDER, `${CLIENT}\n# it should not be told that your server is full`],
  async story(world) {
    const program = await serve(world, ['--max-connections', '1'])
    // It ends while the server still waits for room to send.
    for (let round = 0; round < 3; round++) {
      const peer = await world.connect()
      const message = world.random.bytes(200_000)
      const sending = peer.send(message)
      peer.end()
      await peer.receivesToEnd(message)
      await sending
      await comesIn(world, program, 'a client has sent 200 kB and ended, and has all of it back')
    }
  },
}

export const stopsInMidHandshake: Behaviour = {
  id: 'stops-in-mid-handshake',
  title: 'told to stop, it waits for a handshake no longer than --grace allows',
  alone: true,
  byHand: run => [run(SERVER, ['--grace', '1']), `nc -d 127.0.0.1 ${PORT}`, `kill $(lsof -t -iTCP:${PORT} -sTCP:LISTEN)`],
  async story(world) {
    const program = await serve(world, ['--grace', '1', '--timeout', '60'])
    await (await newcomer(world)).leave(500)
    await world.call()
    // It may come in only now.
    await newcomer(world)
    program.signal('SIGTERM')
    await program.ended(1000 + DEADLINES.end).catch(() => {
      throw new Failure('runs-on', 'with --grace 1 your program was told to stop, and runs on: a client is there that has not said a word', { program })
    })
    if (program.exitCode === 13) throw new Failure('ended-otherwise', 'the exit code is 13: something was still awaited', { program })
  },
}

export const handshakeInPieces: Behaviour = {
  id: 'handshake-in-pieces',
  title: 'a handshake that arrives byte by byte succeeds, and messages get through',
  // No tool of the lessons sends so slowly.
  byHand: () => [],
  async story({ serve, connect, random }) {
    await serve()
    const peer = await connect(undefined, {}, { inBytes: true })
    const message = random.bytes(100)
    await peer.send(message)
    await peer.receives(message)
  },
}

/** What begins to hold in this lesson, in the order in which it is told. */
export const behaviours = [
  tlsVersions, noOldTls, ownPapers, namesBadHandshakes, silentCallers, leavesInMidHandshake,
  callersHoldNoPlace, freesThePlace, stopsInMidHandshake, handshakeInPieces,
]

const CALLERS = 20
