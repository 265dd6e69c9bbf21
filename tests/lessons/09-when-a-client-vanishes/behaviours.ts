import type { Behaviour, World } from '#workbook/check/behaviour.ts'
import { Failure, TooBusy } from '#workbook/check/explain/failure.ts'
import { CLOSE_WAIT, descriptorsOf, serverEnd } from '#workbook/machine/sockets.ts'
import type { Peer } from '#workbook/check/client/peer.ts'
import type { Program } from '#workbook/check/program/program.ts'
import { PORT } from '#workbook/check/setting.ts'
import { until } from '#workbook/machine/until.ts'
import { FILLS, fillToTheBrim } from '../shared/brim.ts'

export const reset: Behaviour = {
  id: 'reset',
  title: 'a client that resets its connection in mid-message costs 50 others nothing',
  alone: true,
  byHand: run => [run(), `nc -N 127.0.0.1 ${PORT}`, RESET],
  async story({ serve, connect }) {
    const program = await serve()
    const others = await Promise.all(Array.from({ length: OTHERS }, () => connect()))
    const say = async (words: (index: number) => string) => {
      await Promise.all(others.map((peer, index) => peer.send(words(index))))
      await Promise.all(others.map((peer, index) => peer.receives(words(index))))
    }
    await say(index => `I am ${index}, and `)
    const rude = await connect()
    await rude.send('I was about to s')
    await rude.receives('I was about to s')
    rude.reset()
    // This one does not even wait for its echo.
    const ruder = await connect()
    await ruder.send('I was ab')
    ruder.reset()
    await say(index => `I am still ${index}\n`)
    await expectServes(connect, program)
  },
}

export const namesTheLost: Behaviour = {
  id: 'names-the-lost',
  title: 'it prints "Lost 127.0.0.1:49743: ECONNRESET" for a client that resets',
  alone: true,
  byHand: run => [run(), RESET],
  async story({ serve, connect }) {
    const program = await serve()
    await loses(program, await connect())
  },
}

export const resetWhileWriting: Behaviour = {
  id: 'reset-while-writing',
  title: 'a client that resets while the server waits for room to write is noticed',
  alone: true,
  byHand: run => [
    `${run()} | grep Lost`,
    node('c.write(Buffer.alloc(2e7)); setTimeout(() => c.resetAndDestroy(), 1000)'),
  ],
  async story({ serve, connect }) {
    const program = await serve()
    // Only of a server that speaks of a loss does silence mean that it has not noticed one.
    await loses(program, await connect())
    const rude = await connect()
    rude.pause()
    // When the kernels have taken what they can, the server waits for room, and then so does the client.
    const block = Buffer.alloc(1 << 20, 'x')
    for (let count = 0; count < 64 && (rude.push(block) || await rude.drained(500)); count++);
    rude.reset()
    await saysLost(program, rude)
    await expectServes(connect, program)
  },
}

export const resetAfterTheEnd: Behaviour = {
  id: 'reset-after-the-end',
  title: 'a client that resets when the server has not yet sent all does no harm',
  platforms: ['linux'],
  alone: true,
  // The moment is too short for a hand.
  byHand: () => [],
  async story({ serve, connect }) {
    const program = await serve()
    const began = Date.now()
    let full = false
    for (let again = true; again;) {
      const rude = await connect()
      rude.pause()
      full = await fillToTheBrim(program, rude)
      again = !full && Date.now() - began < FILLS * rude.patience
      rude.anew()
      rude.end()
      await until(() => serverEnd(PORT, rude.port)?.state === CLOSE_WAIT)
      await new Promise(resolve => setTimeout(resolve, SETTLES * rude.patience))
      // Whoever closes with data unread sends an RST.
      rude.destroy()
      await expectServes(connect, program)
    }
    if (!full) throw new TooBusy()
  },
}

export const thousandVisits: Behaviour = {
  id: 'thousand-visits',
  title: 'after 1,000 clients, polite and rude, it has no more open than before',
  platforms: ['linux'],
  alone: true,
  byHand: run => [
    run(),
    `for i in $(seq 20); do ${RESET}; done\nls /proc/$(lsof -t -iTCP:${PORT} -sTCP:LISTEN)/fd | wc -l`,
  ],
  async story({ serve, connect }) {
    const program = await serve()
    const visit = async (kind: number) => {
      const peer = await connect()
      if (kind === 0) return peer.reset()
      await peer.send('x')
      if (kind === 1) return peer.reset()
      await peer.receives('x')
      if (kind === 2) return peer.reset()
      if (kind === 3) return peer.destroy()
      peer.end()
      await peer.receivesToEnd('')
    }
    // What a program opens once, at its first client, is no leak.
    await visit(4)
    await program.settled()
    const before = descriptorsOf(program.pid) ?? 0
    const kept = () => (descriptorsOf(program.pid) ?? Infinity) - before
    for (let wave = 0; wave < 20; wave++) {
      await Promise.all(Array.from({ length: 50 }, (_, index) => visit(index % 5)))
    }
    await until(() => kept() <= SPARE)
    if (!program.running) throw new Failure('ended', 'your program ended', { program })
    if (kept() > SPARE) {
      const left = `${kept()} more files and sockets open than before`
      throw new Failure('descriptors', `1,000 clients came and left, and your server has ${left}`, { program })
    }
  },
}

export const outOfDescriptors: Behaviour = {
  id: 'out-of-descriptors',
  title: 'out of descriptors it lives on, and serves again when some have left',
  platforms: ['linux'],
  alone: true,
  byHand: run => [
    `ulimit -n ${LIMIT}; ${run()}`,
    `(for i in $(seq ${CALLERS}); do\n(echo $i; sleep 2) | nc -N 127.0.0.1 ${PORT} &\ndone; wait)\necho again | nc -N 127.0.0.1 ${PORT}`,
  ],
  async story({ start, connect }) {
    const program = start('server.ts', [], { descriptors: LIMIT })
    await program.listening(PORT)
    for (let wave = 0; wave < 2; wave++) {
      // A handshake does not come about with whom the server cannot take.
      const calls = await Promise.allSettled(Array.from({ length: CALLERS }, () => connect()))
      const crowd = calls.flatMap(call => call.status === 'fulfilled' ? call.value : [])
      await Promise.all(crowd.map(async peer => await peer.send('x').catch(() => {})))
      await Promise.all(crowd.map(peer => peer.anything(1000)))
      const served = crowd.filter(peer => peer.open && peer.pending.toString() === 'x')
      if (served.length === 0) {
        throw new Failure('silence', `of ${CALLERS} clients your server has served none`, { program, ...(crowd[0] && { peer: crowd[0] }) })
      }
      await Promise.all(crowd.map(peer => peer.leave(500)))
    }
    await expectServes(connect, program)
  },
}

/** What begins to hold in this lesson, in the order in which it is told. */
export const behaviours = [
  reset, namesTheLost, resetWhileWriting, resetAfterTheEnd, thousandVisits, outOfDescriptors,
]

/** A client that no nc can be. */
function node(does: string): string {
  return `node -e "const c = require('net').connect(${PORT}, '127.0.0.1')\n${does}"`
}

const RESET = node('c.write(\'Hello\'); c.on(\'data\', () => c.resetAndDestroy())')

const OTHERS = 50
/** Enough for Node and some clients, and for fewer than call. */
const LIMIT = 64
const CALLERS = 100
/** A file or two may come and go with what Node does by itself. */
const SPARE = 5
// In milliseconds.
const SETTLES = 50

async function loses(program: Program, rude: Peer): Promise<void> {
  await rude.send('Hello')
  await rude.receives('Hello')
  rude.reset()
  await saysLost(program, rude)
}

async function saysLost(program: Program, { port }: Peer): Promise<void> {
  const who = `Lost 127.0.0.1:${port}`
  // An exercise of this lesson says how much had come.
  const fits = (line: string) => line.startsWith(who) && /^(?: after \d+ bytes)?: E[A-Z]+$/.test(line.slice(who.length))
  await program.line(fits, `${who}: ECONNRESET`)
}

/** @throws Failure when a new client is not served */
async function expectServes(connect: World['connect'], program: Program): Promise<void> {
  const peer = await connect()
  await peer.send('Is anybody there?\n')
  await peer.receives('Is anybody there?\n')
  if (!program.running) throw new Failure('ended', 'your program ended', { program })
}
