import type { Behaviour, World } from '#workbook/check/behaviour.ts'
import { Failure } from '#workbook/check/explain/failure.ts'
import { descriptorsOf, memoryOf } from '#workbook/machine/sockets.ts'
import type { Peer } from '#workbook/check/client/peer.ts'
import type { Program } from '#workbook/check/program/program.ts'
import { PORT } from '#workbook/check/setting.ts'
import { refuses } from '../12-the-command-line/behaviours.ts'

const SERVER = 'server.ts'
// In milliseconds: how far clocks and a loaded machine may be out.
const EARLY = 200
const LATE = 2500
const WORDS = 'Hello\n'
const BLOCK = Buffer.alloc(1 << 20, 'x')
const GROWTH = 96 << 20

async function serve({ start }: World, args: readonly string[], clock?: number): Promise<Program> {
  const program = start(SERVER, args, clock === undefined ? {} : { clock })
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

/** Waits for the end of a client that does nothing, and expects it in its time, which is in milliseconds. */
async function expectLetGo(peer: Peer, ms: number, since: number, args: string): Promise<void> {
  while (peer.open && Date.now() - since < ms + LATE) await peer.anything(100)
  const lasted = Date.now() - since
  if (peer.open) throw new Failure('stays-open', `with ${args} a client that does nothing is still connected after ${seconds(lasted)}`, { peer })
  if (lasted < ms - EARLY) throw new Failure('closed', `with ${args} a client that did nothing was cut off after ${seconds(lasted)}, which is too soon`, { peer })
}

/** Expects that a client gets one line and the end, and nothing of what it says itself. */
async function expectTurnedAway(peer: Peer): Promise<void> {
  await peer.send(WORDS).catch(() => {})
  const deadline = Date.now() + LATE
  while (peer.open && Date.now() < deadline) await peer.anything(100)
  const said = peer.pending.toString()
  if (said === WORDS) throw new Failure('other', 'one client more than it may take was served', { peer })
  if (peer.open) throw new Failure('stays-open', 'one client more than it may take is neither served nor turned away', { peer })
  if (said === '') throw new Failure('closed', 'one client more than it may take was cut off without a word', { peer })
  if (/^[^\n]*\p{L}{2}[^\n]*\n$/u.test(said) && !said.includes(WORDS.trim())) return
  throw new Failure('other', `one client more than it may take should get one line that says why, and got ${JSON.stringify(said)}`, { peer })
}

/** Lets a client send and never read, and expects that it costs little and is let go; the timeout is a second. */
export async function greedyIsLetGo({ connect }: World, program: Program): Promise<void> {
  const before = memoryOf(program.pid)
  const greedy = await connect()
  greedy.pause()
  const deadline = Date.now() + 1000 + 2 * LATE
  let taken = 0
  while (greedy.open && Date.now() < deadline && taken < MOST_TAKEN) {
    taken += BLOCK.length
    if (greedy.push(BLOCK)) continue
    while (greedy.open && Date.now() < deadline && !await greedy.drained(100)) { /* it waits, as it has to */ }
  }
  const after = memoryOf(program.pid)
  if (!program.running) throw new Failure('ended', 'your program ended', { program })
  if (before !== undefined && after !== undefined && after - before > GROWTH) {
    throw new Failure('memory', `a client that sends and never reads made your server grow by ${mega(after - before)}`, { program, peer: greedy })
  }
  if (greedy.open) throw new Failure('stays-open', 'a client that sends and never reads is never cut off', { program, peer: greedy })
}

async function settled(condition: () => boolean): Promise<boolean> {
  for (const deadline = Date.now() + LATE; !condition();) {
    if (Date.now() > deadline) return false
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  return true
}

export const silentLetGo: Behaviour = {
  id: 'silent-let-go',
  title: 'a client silent for as long as --timeout allows is cut off, and others stay',
  alone: true,
  byHand: run => [run(SERVER, ['--timeout', '2']), `time nc -d 127.0.0.1 ${PORT}`],
  async story(world) {
    const args = ['--timeout', '1']
    await serve(world, args)
    const talker = await newcomer(world)
    const spoke = await newcomer(world)
    const silent = await world.connect()
    const since = Date.now()
    // Twice as long as silence may last, and a little: whoever talks is not idle.
    const ends = [silent, spoke].map(peer => expectLetGo(peer, 1000, since, args.join(' ')))
    const over = Promise.allSettled(ends)
    while (Date.now() - since < 2300) {
      await echoes(talker)
      await new Promise(resolve => setTimeout(resolve, 250))
    }
    await over
    await Promise.all(ends)
    await echoes(talker)
    await newcomer(world)
  },
}

export const fifteenSeconds: Behaviour = {
  id: 'fifteen-seconds',
  title: 'unless it is told otherwise, silence may last 15 seconds',
  alone: true,
  byHand: run => [run(), `time nc -d 127.0.0.1 ${PORT}`],
  async story(world) {
    await serve(world, [], CLOCK)
    const peer = await world.connect()
    const since = Date.now()
    while (peer.open && Date.now() - since < (15_000 / CLOCK) + LATE) await peer.anything(50)
    const lasted = Date.now() - since
    if (peer.open) throw new Failure('stays-open', `a client that does nothing is still connected after ${seconds(lasted * CLOCK)}`, { peer })
    if (lasted * CLOCK < 12_000) {
      throw new Failure('closed', `a client that did nothing was cut off after ${seconds(lasted * CLOCK)}, but may stay for 15`, { peer })
    }
  },
}

export const toldThatItIsFull: Behaviour = {
  id: 'told-that-it-is-full',
  title: 'the 26th client is told in one line that there is no room, and 25 go on',
  alone: true,
  byHand: run => [run(), `for i in $(seq 26); do (sleep 3 | nc -N 127.0.0.1 ${PORT} &); done`],
  async story(world) {
    await serve(world, [])
    const crowd: Peer[] = []
    for (let count = 0; count < 25; count++) crowd.push(await newcomer(world))
    await expectTurnedAway(await world.connect())
    await expectTurnedAway(await world.connect())
    for (const peer of crowd) await echoes(peer)
  },
}

export const nextGetsIn: Behaviour = {
  id: 'next-gets-in',
  title: 'with --max-connections 2 it serves two, and when one leaves the next gets in',
  alone: true,
  byHand: run => [run(SERVER, ['--max-connections', '2']), `nc -N 127.0.0.1 ${PORT}`, `nc -N 127.0.0.1 ${PORT}`, `nc -N 127.0.0.1 ${PORT}`],
  async story(world) {
    const program = await serve(world, ['--max-connections', '2'])
    const stays = await newcomer(world)
    for (let round = 0; round < 3; round++) {
      const leaves = await newcomer(world)
      await expectTurnedAway(await world.connect())
      if (round === 1) leaves.destroy()
      else leaves.end()
      await comesIn(world, program, 'a client has left')
      await echoes(stays)
    }
  },
}

export const greedyLetGo: Behaviour = {
  id: 'greedy-let-go',
  title: 'a client that sends and never reads costs little, is cut off, and leaves room',
  alone: true,
  byHand: run => [`${run(SERVER, ['--timeout', '2', '--max-connections', '1'])} >/dev/null`, `yes | nc 127.0.0.1 ${PORT} | sleep 9`, `nc 127.0.0.1 ${PORT}`],
  async story(world) {
    const program = await serve(world, ['--timeout', '1', '--max-connections', '1'])
    await greedyIsLetGo(world, program)
    const next = await world.connect()
    await echoes(next).catch(() => {
      throw new Failure('other', 'the client that never read is gone, and its place is not free', { program, peer: next, certain: false })
    })
  },
}

export const holdsNobodyAtTheDoor: Behaviour = {
  id: 'holds-nobody-at-the-door',
  title: 'a client that was turned away and stays is soon cut off, whatever it does',
  platforms: ['linux'],
  alone: true,
  // The kernel waits for these clients as well, without the program; whose connection it still is, -p says.
  byHand: run => [
    run(SERVER, ['--max-connections', '1']), `nc 127.0.0.1 ${PORT}`,
    `for i in $(seq 20); do (sleep 60 | nc 127.0.0.1 ${PORT} &); done\nsleep 5; ss -tanp state fin-wait-2 'sport = :${PORT}'`,
  ],
  async story(world) {
    const program = await serve(world, ['--max-connections', '1'])
    await newcomer(world)
    const before = descriptorsOf(program.pid) ?? 0
    const late = await Promise.all(Array.from({ length: 20 }, () => world.connect()))
    // Half of them have spoken: what they said lies unread, or was read for nothing.
    for (const peer of late.slice(10)) await peer.send(WORDS)
    await new Promise(resolve => setTimeout(resolve, 50))
    const held = () => (descriptorsOf(program.pid) ?? 0) - before
    if (!await settled(() => held() < 5)) {
      throw new Failure('descriptors', `20 clients were turned away, but your server still holds on to ${held()} of them`, { program })
    }
  },
}

export const noLimitAtAll: Behaviour = {
  id: 'no-limit-at-all',
  title: 'a limit that isn\'t one is refused, in one line, with exit code 2',
  alone: true,
  byHand: run => [`${run(SERVER, ['--timeout', 'soon'])}; echo $?`],
  async story(world) {
    await refuses(world, ...['soon', '', '0', '-1', '0x10'].flatMap(text => ['--timeout', '--max-connections'].map(option =>
      ({ args: [`${option}=${text}`], exitCode: 2 as const }))))
  },
}

/** What begins to hold in this lesson, in the order in which it is told. */
export const behaviours = [
  silentLetGo, fifteenSeconds, toldThatItIsFull, nextGetsIn, greedyLetGo, holdsNobodyAtTheDoor, noLimitAtAll,
]

/**
 * A client gets in, though perhaps not at the first call: the place has to be given back.
 * @param why there should be room
 */
export async function comesIn(world: World, program: Program, why: string): Promise<void> {
  for (const deadline = Date.now() + LATE; ;) {
    const peer = await world.connect()
    await peer.send(WORDS)
    await peer.anything(1000)
    const served = peer.pending.toString() === WORDS
    await peer.leave(served ? 500 : 0)
    if (served) return
    if (Date.now() > deadline) {
      throw new Failure('other', `${why}, and nobody gets its place`, { program, peer, certain: false })
    }
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

// How many times as fast the clock runs where the usual patience is checked.
const CLOCK = 10
const MOST_TAKEN = 256 << 20

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}

function mega(bytes: number): string {
  return `${Math.round(bytes / (1 << 20))} MB`
}
