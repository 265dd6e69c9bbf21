import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Behaviour, World } from '#workbook/check/behaviour.ts'
import { expectExitCode } from '#workbook/check/client/expect.ts'
import { Failure } from '#workbook/check/explain/failure.ts'
import type { Peer } from '#workbook/check/client/peer.ts'
import type { Program, StartOptions } from '#workbook/check/program/program.ts'
import { DEADLINES, PORT } from '#workbook/check/setting.ts'
import { refuses } from '../12-the-command-line/behaviours.ts'

const SERVER = 'server.ts'
const WORDS = 'Hello\n'
const LONG = ['--grace', '60']
// Openssl's s_client cannot say that it has sent all, and read on.
const SLOW_READER = `const c = require('tls').connect({
  port: ${PORT}, rejectUnauthorized: false, allowHalfOpen: true })
c.end(Buffer.alloc(1e6)); let n = 0
setTimeout(() => c.on('data', d => n += d.length), 3000)
c.on('end', () => console.log(n))`
const PID = `$(lsof -t -iTCP:${PORT} -sTCP:LISTEN)`

async function serve({ start }: World, args: readonly string[] = [], options: StartOptions = {}): Promise<Program> {
  const program = start(SERVER, args, options)
  await program.listening(PORT)
  return program
}

async function echoes(peer: Peer): Promise<void> {
  await peer.send(WORDS)
  await peer.receives(WORDS)
}

async function newcomer({ connect }: World): Promise<Peer> {
  const peer = await connect()
  await echoes(peer)
  return peer
}

/** Waits until nobody new gets in; the signal travels, and is handled, in its own time. */
async function closesItsDoor(world: World, program: Program): Promise<void> {
  for (const deadline = Date.now() + DEADLINES.line; ;) {
    const peer = await world.connect().catch(() => undefined)
    if (!peer) return
    peer.destroy()
    if (Date.now() > deadline) {
      throw new Failure('other', 'your program was told to stop, and new clients still get in', { program, certain: false })
    }
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

/** Expects that it ends by itself: everybody has left, and nothing is left to wait for. */
async function endsCleanly(program: Program, why: string): Promise<void> {
  await program.ended(DEADLINES.end).catch(() => { throw new Failure('runs-on', `${why}, and your program runs on`, { program }) })
  expectExitCode(program, 0)
}

function expectRunning(program: Program, why: string): void {
  if (program.running) return
  throw new Failure('ended', `your program has ended with exit code ${program.exitCode} ${why}`, { program })
}

export const finishes: Behaviour = {
  id: 'finishes',
  title: 'told to stop, it lets its clients finish, takes no new ones, and ends with 0',
  alone: true,
  byHand: run => [run(SERVER, LONG), `nc -N 127.0.0.1 ${PORT}`, `kill ${PID}; nc -v -N 127.0.0.1 ${PORT}`],
  async story(world) {
    const program = await serve(world, LONG)
    const peers = [await newcomer(world), await newcomer(world)]
    program.signal('SIGTERM')
    await closesItsDoor(world, program)
    expectRunning(program, 'while two clients were in mid-conversation')
    for (const peer of [...peers, ...peers]) await echoes(peer)
    for (const peer of peers) {
      peer.end()
      await peer.receivesToEnd('')
    }
    await endsCleanly(program, 'all clients have left')
  },
}

export const losesNoByte: Behaviour = {
  id: 'loses-no-byte',
  title: 'told to stop in the middle of a megabyte, it sends back every byte of it',
  alone: true,
  plain: true,
  byHand: (run, secure) => [
    `${run(SERVER, LONG)} >/dev/null`,
    secure ? `node -e "${SLOW_READER}"` : `head -c 1000000 /dev/zero | nc -N 127.0.0.1 ${PORT} | (sleep 3; wc -c)`,
    `kill ${PID}`,
  ],
  async story(world) {
    const program = await serve(world, LONG)
    const peer = await newcomer(world)
    const message = world.random.bytes(1_000_000)
    peer.pause()
    const first = peer.send(message.subarray(0, 600_000))
    program.signal('SIGINT')
    await closesItsDoor(world, program)
    expectRunning(program, 'while a client was in the middle of its message')
    const rest = peer.send(message.subarray(600_000))
    peer.end()
    peer.resume()
    await peer.receivesToEnd(message)
    await Promise.all([first, rest])
    await endsCleanly(program, 'the client has everything and has left')
  },
}

export const stopsAlone: Behaviour = {
  id: 'stops-alone',
  title: 'with nobody there, Ctrl-C and kill end it at once with 0, and free the port',
  alone: true,
  byHand: run => [`${run(SERVER, LONG)}    # then press Ctrl-C`, `nc 127.0.0.1 ${PORT}`],
  async story(world) {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const isTyped = signal === 'SIGINT'
      const program = await serve(world, LONG, isTyped ? { terminal: 'where there is one' } : {})
      const peer = await newcomer(world)
      peer.end()
      await peer.receivesToEnd('')
      if (isTyped) program.interrupt()
      else program.signal(signal)
      await program.ended(DEADLINES.stop).catch(() => {
        const told = signal === 'SIGINT' ? 'Ctrl-C' : 'kill'
        throw new Failure('runs-on', `nobody is there, and your program runs on after ${told} (${signal})`, { program, signal })
      })
      expectExitCode(program, 0)
    }
  },
}

export const hasADeadline: Behaviour = {
  id: 'has-a-deadline',
  title: 'a client still there when --grace is over is cut off, and the exit code is 1',
  alone: true,
  byHand: run => [run(SERVER, ['--grace', '2']), `nc 127.0.0.1 ${PORT}`, `kill ${PID}`],
  async story(world) {
    const program = await serve(world, ['--grace', '1'])
    const talker = await newcomer(world)
    const silent = await newcomer(world)
    const since = Date.now()
    program.signal('SIGTERM')
    while (talker.open && Date.now() - since < 4000) {
      await echoes(talker).catch(error => { if (talker.open) throw error })
      await new Promise(resolve => setTimeout(resolve, 100))
    }
    const lasted = Date.now() - since
    if (talker.open) throw new Failure('stays-open', 'with --grace 1 a client is still connected 4 s after your program was told to stop', { program, peer: talker })
    if (lasted < 800) throw new Failure('closed', `with --grace 1 a client was cut off after ${(lasted / 1000).toFixed(1)} s`, { program, peer: talker })
    await program.ended(DEADLINES.end)
    if (silent.open) await silent.anything(500)
    expectExitCode(program, 1)
  },
}

export const secondSignal: Behaviour = {
  id: 'second-signal',
  title: 'a second signal ends it at once, even while clients are there',
  alone: true,
  byHand: run => [`${run(SERVER, LONG)}    # then press Ctrl-C twice`, `nc 127.0.0.1 ${PORT}`],
  async story(world) {
    for (const [one, two] of [['SIGINT', 'SIGINT'], ['SIGTERM', 'SIGINT'], ['SIGINT', 'SIGTERM']] as const) {
      const program = await serve(world, LONG)
      await newcomer(world)
      program.signal(one)
      await closesItsDoor(world, program)
      expectRunning(program, 'while a client was there')
      program.signal(two)
      await program.ended(DEADLINES.stop).catch(() => {
        throw new Failure('runs-on', `your program runs on after a second signal (${one}, then ${two})`, { program })
      })
      // As if the signal had ended it, which is the easiest way.
      expectExitCode(program, 128 + constants.signals[two])
    }
  },
}

export const removesItsFile: Behaviour = {
  id: 'removes-its-file',
  title: 'when it stops, its Unix socket is gone, and the next start finds room',
  platforms: ['linux', 'darwin'],
  alone: true,
  byHand: run => [run(SERVER, ['--listen', 'unix:/tmp/echo.sock']), 'kill $(lsof -t /tmp/echo.sock); sleep 1; ls /tmp/echo.sock'],
  async story({ start, connect }) {
    const folder = mkdtempSync(join(tmpdir(), 'port-'))
    const path = join(folder, 'echo.sock')
    try {
      for (let round = 0; round < 2; round++) {
        const program = start(SERVER, ['--listen', `unix:${path}`])
        await program.says(`Listening on unix:${path}`)
        const peer = await connect(undefined, { path })
        await echoes(peer)
        peer.end()
        await peer.receivesToEnd('')
        program.signal('SIGTERM')
        await program.ended(DEADLINES.end)
        if (existsSync(path)) throw new Failure('other', 'your program has stopped, and its socket is still there as a file', { program })
        expectExitCode(program, 0)
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

export const noGraceAtAll: Behaviour = {
  id: 'no-grace-at-all',
  title: 'a grace that isn\'t a number is refused, in one line, with exit code 2',
  alone: true,
  byHand: run => [`${run(SERVER, ['--grace', 'some'])}; echo $?`],
  async story(world) {
    await refuses(world, ...['some', '', '-1', '0x10'].map(text => ({ args: [`--grace=${text}`], exitCode: 2 as const })))
  },
}

export const saysWhenItStops: Behaviour = {
  id: 'says-when-it-stops',
  title: 'it says once that it listens, how many may finish, and that it has stopped',
  alone: true,
  byHand: run => [run(SERVER, LONG), `nc -N 127.0.0.1 ${PORT}`, `kill ${PID}`],
  async story(world) {
    const program = await serve(world, LONG)
    const peer = await newcomer(world)
    program.signal('SIGTERM')
    await program.says('SIGTERM: no new clients, 1 may finish')
    // Whoever reads the line may rely on it.
    if (await world.connect().then(() => true, () => false)) {
      throw new Failure('other', 'your program says that it takes no new clients, and one got in after that', { program })
    }
    await echoes(peer)
    // What it prints comes by another way than its echo, and may come later.
    await program.settled()
    if (program.output.seen.includes('Stopped')) {
      throw new Failure('other', 'your program says that it has stopped, and a client is still there', { program, wanted: 'Stopped' })
    }
    peer.end()
    await peer.receivesToEnd('')
    await endsCleanly(program, 'all clients have left')
    await program.says('Stopped')
    for (const line of [`Listening on 127.0.0.1:${PORT}`, 'SIGTERM: no new clients, 1 may finish', 'Stopped']) {
      const times = program.output.seen.filter(seen => seen === line).length
      if (times > 1) throw new Failure('other', `your program prints "${line}" ${times} times`, { program, wanted: line })
    }
  },
}

/** What begins to hold in this lesson, in the order in which it is told. */
export const behaviours = [
  finishes, losesNoByte, stopsAlone, hasADeadline, secondSignal, removesItsFile, noGraceAtAll,
  saysWhenItStops,
]
