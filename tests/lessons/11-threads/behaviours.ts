import { createHash } from 'node:crypto'
import { waitForListening } from '#workbook/machine/listening.ts'
import type { Behaviour, World } from '#workbook/check/behaviour.ts'
import { Failure } from '#workbook/check/explain/failure.ts'
import type { Peer } from '#workbook/check/client/peer.ts'
import type { Program } from '#workbook/check/program/program.ts'
import { PORT } from '#workbook/check/setting.ts'

/** The port of lesson 11 on which stamps are made. */
export const STAMP_PORT = 12346

export const stamp: Behaviour = {
  id: 'stamp',
  title: 'a stamp is right: message and nonce hash to five zeros and more',
  to: 11,
  port: STAMP_PORT,
  async story(world) {
    const program = await world.serve()
    for (const message of [QUICK, 'Coffee\n', '¿Qué?\n']) {
      const peer = await asks(world, program, message)
      expectStamp(await peer.answer(STAMP), message, peer)
    }
    // A message is what came before the end, in however many pieces.
    const peer = await asks(world, program)
    for (const piece of ['Half, ', 'half']) {
      await peer.send(piece)
      await new Promise(resolve => setTimeout(resolve, 30))
    }
    peer.end()
    expectStamp(await peer.answer(STAMP), 'Half, half', peer)
  },
}

export const stampFreezesNobody: Behaviour = {
  id: 'stamp-freezes-nobody',
  title: 'while a stamp is being made, other clients are answered',
  to: 11,
  port: STAMP_PORT,
  byHand: run => [run(), `nc 127.0.0.1 ${PORT}`, `printf '${HEAVY}' | nc -N 127.0.0.1 ${STAMP_PORT}`],
  async story(world) {
    const program = await world.serve()
    const talker = await world.connect()
    const stamped = await asks(world, program, HEAVY)
    let answered = 0
    // Only what is answered before the stamp is there counts: the order is the witness, no clock is.
    while (answered < ROUNDS && stamped.pending.length === 0) {
      await new Promise(resolve => setTimeout(resolve, 10))
      await talker.send('Still there?\n')
      await talker.receives('Still there?\n')
      if (stamped.pending.length === 0) answered++
    }
    if (answered < ROUNDS) {
      throw new Failure('other', 'a client of the echo was answered only after the stamp of another had been made', {
        program, peer: talker, certain: false,
      })
    }
    expectStamp(await stamped.answer(STAMP), HEAVY, stamped)
  },
}

export const stampsTogether: Behaviour = {
  id: 'stamps-together',
  title: 'six stamps asked for at once all come, each to the client that asked',
  to: 11,
  port: STAMP_PORT,
  byHand: run => [run(), `for i in 1 2 3 4 5 6\ndo printf $i | nc -N 127.0.0.1 ${STAMP_PORT} & done; wait`],
  async story(world) {
    const program = await world.serve()
    const peers = await Promise.all(SIX.map(async message => (
      { message, peer: await asks(world, program, message) }
    )))
    for (const { message, peer } of peers) expectStamp(await peer.answer(STAMP), message, peer)
  },
}

export const stampQueue: Behaviour = {
  id: 'stamp-queue',
  title: 'when too many ask at once, some are refused in one line, and it serves on',
  to: 11,
  port: STAMP_PORT,
  alone: true,
  byHand: run => [run(), `for i in $(seq ${MANY})\ndo printf $i | nc -N 127.0.0.1 ${STAMP_PORT} & done; wait`],
  async story(world) {
    const program = await world.serve()
    const peers = await Promise.all(Array.from({ length: MANY }, async (_, index) => {
      const message = SIX[index % SIX.length] ?? ''
      return { message, peer: await asks(world, program, message) }
    }))
    const answers = peers.map(async ({ message, peer }) => ({ message, peer, answer: await peer.answer(STAMP) }))
    for (const answer of answers) answer.catch(() => {})
    // A refusal costs nothing, so it comes before the first stamps do.
    await someAnswers(answers, 4)
    const come = peers.map(({ peer }) => peer.pending.toString()).filter(text => text !== '')
    if (come.every(text => STAMP_RE.test(text))) {
      throw new Failure('other', `${MANY} clients asked for a stamp at once, and nobody has been refused`, {
        program, peer: peers.at(-1)?.peer, certain: 'hardly',
      })
    }
    const all = await Promise.all(answers)
    for (const { message, peer, answer } of all) {
      if (STAMP_RE.test(answer.toString())) expectStamp(answer, message, peer)
      else await expectExcuse(answer, peer, program)
    }
    if (all.every(({ answer }) => !STAMP_RE.test(answer.toString()))) {
      throw new Failure('other', `${MANY} clients asked for a stamp at once, and every one was refused`, { program })
    }
    const peer = await asks(world, program, QUICK)
    expectStamp(await peer.answer(EXCUSE), QUICK, peer)
  },
}

export const stampCrash: Behaviour = {
  id: 'stamp-crash',
  title: 'a thread that crashes is replaced, and its client is told in one line',
  to: 11,
  port: STAMP_PORT,
  alone: true,
  async story(world) {
    const program = await world.serve()
    const talker = await world.connect()
    // More crashes than the pool has threads, and no more: a thread takes a while to start.
    for (let count = 0; count < 3; count++) {
      const peer = await asks(world, program, '')
      await expectExcuse(await peer.answer(EXCUSE), peer, program)
    }
    await talker.send('Still there?\n')
    await talker.receives('Still there?\n')
    const peer = await asks(world, program, QUICK)
    expectStamp(await peer.answer(EXCUSE), QUICK, peer)
  },
}

export const noOrphan: Behaviour = {
  id: 'no-orphan',
  title: 'when it is killed in the middle of its work, nothing of it is left',
  to: 11,
  port: STAMP_PORT,
  alone: true,
  byHand: run => [
    run(),
    `printf '${HEAVY}' | nc -N 127.0.0.1 ${STAMP_PORT}`,
    `kill -KILL $(lsof -t -iTCP:${STAMP_PORT} -sTCP:LISTEN)\nps -e -o pid,ppid,args | grep node`,
  ],
  async story(world) {
    const program = await world.serve()
    for (let count = 0; count < 4; count++) await asks(world, program, HEAVY)
    const talker = await world.connect()
    await talker.send('Still there?\n')
    await talker.receives('Still there?\n')
    // The process alone, as the kernel's own killer would, and not its group.
    process.kill(program.pid, 'SIGKILL')
    await program.ended(GONE)
    for (const deadline = Date.now() + GONE; program.lives;) {
      if (Date.now() > deadline) {
        throw new Failure('other', 'your server was killed, and processes that it had started live on', { program, certain: false })
      }
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  },
}

/** What begins to hold in this lesson, in the order in which it is told. */
export const behaviours = [
  stamp, stampFreezesNobody, stampsTogether, stampQueue, stampCrash, noOrphan,
]

/** What the server answers when it has made a stamp. */
export const STAMP_RE = /^(\d+) ([0-9a-f]{64})\n$/

/** The digest that a stamp's nonce leads to. */
export function digestOf(message: string | Buffer, nonce: string): string {
  return createHash('sha256').update(message).update(nonce).digest('hex')
}

/** Connects to the stamps' port and, given a message, sends it and ends its side. */
export async function asks(world: World, program: Program, message?: string | Buffer): Promise<Peer> {
  // It is opened after the other one, by which a server is known to have started.
  await waitForListening(STAMP_PORT, SECOND_DOOR, () => !program.running)
  const peer = await world.connect(undefined, STAMP_PORT)
  if (message === undefined) return peer
  if (message.length > 0) await peer.send(message)
  peer.end()
  return peer
}

/** @throws Failure unless it is a stamp on the message */
export function expectStamp(answer: Buffer, message: string, peer: Peer): void {
  const text = answer.toString()
  const [, nonce, digest] = STAMP_RE.exec(text) ?? []
  const fail = (sentence: string) => new Failure('other', sentence, { peer, received: answer })
  if (nonce === undefined || digest === undefined) {
    throw fail(`the answer to ${JSON.stringify(message)} is ${JSON.stringify(text.slice(0, 100))}: no stamp, which is a nonce, a blank and 64 hexadecimal digits`)
  }
  const right = digestOf(message, nonce)
  if (digest !== right) {
    throw fail(`the stamp on ${JSON.stringify(message)} says ${digest.slice(0, 12)}…, and sha256 of ${JSON.stringify(message + nonce)} is ${right.slice(0, 12)}…`)
  }
  if (!digest.startsWith('00000')) throw fail(`the digest ${digest.slice(0, 12)}… begins with fewer than five zeros`)
}

/** @throws Failure unless it is one line that is no stamp */
export async function expectExcuse(answer: Buffer, peer: Peer, program: Program): Promise<void> {
  const text = answer.toString()
  // A program that says nothing may be on its way out, and its last words explain everything.
  if (text === '') await program.ended(LAST_WORDS).catch(() => {})
  if (/^[^\n]+\n$/.test(text) && !STAMP_RE.test(text)) return
  const what = text === '' ? 'ended the connection without a word' : `answered ${JSON.stringify(text.slice(0, 100))}`
  throw new Failure('other', `your server ${what}, and one line should say why there is no stamp`, { peer, received: answer })
}

/** Resolves when so many have come, or one has failed. */
async function someAnswers(answers: readonly Promise<unknown>[], count: number): Promise<void> {
  let come = 0
  await new Promise<void>((resolve, reject) => {
    for (const answer of answers) answer.then(() => { if (++come >= count) resolve() }, reject)
  })
}

// What a stamp costs is known of each message. One has to last while others talk: 1,850,000 tries.
const HEAVY = 'Hello'
const QUICK = 'lemon'
// A quarter of a million tries each.
const SIX = ['Patience\n', 'A mountain\n', 'A glacier', 'Slow\n', 'three\n', 'A piano']
const MANY = 40
// Echoes that have to come back before the stamp: a server that computes by itself may get in one.
const ROUNDS = 5
// In milliseconds. A stamp may wait for others in front of it, and an excuse for a thread to be started.
const STAMP = 1800
export const EXCUSE = 1200
const SECOND_DOOR = 1000
const GONE = 800
const LAST_WORDS = 150
