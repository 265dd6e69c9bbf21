import { getDefaultHighWaterMark } from 'node:stream'
import type { Behaviour } from '#workbook/check/behaviour.ts'
import { Failure, TooBusy } from '#workbook/check/explain/failure.ts'
import { descriptorsOf, ESTABLISHED, memoryOf, serverEnd } from '#workbook/machine/sockets.ts'
import type { Peer } from '#workbook/check/client/peer.ts'
import { EVERY_BYTE, recipeOf } from '#workbook/check/client/random.ts'
import { PORT } from '#workbook/check/setting.ts'
import { until } from '#workbook/machine/until.ts'
import { FILLS, fillToTheBrim, giveUntilRead } from '../shared/brim.ts'
import { standsStill, STILL } from '../shared/still.ts'

export const echo: Behaviour = {
  id: 'echo',
  title: 'what is sent comes back',
  async story({ serve, connect }) {
    await serve()
    const peer = await connect()
    await peer.send('Hello\n')
    await peer.receives('Hello\n')
  },
}

export const echoBinary: Behaviour = {
  id: 'echo-binary',
  title: 'every byte value comes back as it was sent',
  // Bytes that steer a terminal should not reach one.
  byHand: run => [run(), `${recipeOf(EVERY_BYTE)} \\\n  | nc -N 127.0.0.1 ${PORT} | od -An -tx1`],
  async story({ serve, connect }) {
    await serve()
    const peer = await connect()
    await peer.send(EVERY_BYTE)
    await peer.receives(EVERY_BYTE)
  },
}

export const echoSplit: Behaviour = {
  id: 'echo-split',
  title: 'a message split at any byte comes back whole',
  async story({ serve, connect, random }) {
    await serve()
    // Letters of one, two, three and four bytes: most of the cuts go through one.
    const message = Buffer.from(`${random.word()} é € 😀\r\n`)
    const peer = await connect()
    for (let at = 1; at < message.length; at++) {
      peer.anew()
      // The second half leaves only when the first is back: they cannot travel as one.
      for (const half of [message.subarray(0, at), message.subarray(at)]) {
        await peer.send(half)
        await peer.receives(half)
      }
    }
  },
}

export const halfClose: Behaviour = {
  id: 'half-close',
  title: 'when the client ends its side, all of it comes back, and then the end',
  async story({ serve, connect, random }) {
    await serve()
    for (const size of [0, 1, 100_000]) {
      const peer = await connect()
      const message = random.bytes(size)
      const sending = peer.send(message)
      peer.end()
      await peer.receivesToEnd(message)
      await sending
    }
  },
}

export const echoLarge: Behaviour = {
  id: 'echo-large',
  title: '10 MB of random bytes come back the same, to a client that reads late',
  async story({ serve, connect, random }) {
    const program = await serve()
    const peer = await connect()
    const message = random.bytes(10_000_000)
    peer.pause()
    const sending = peer.send(message)
    peer.end()
    // A server that keeps nothing back stops at some point; one that does not has the rest of it soon.
    const last = Date.now() + BUSY * peer.patience
    let still = false
    while (program.running && Date.now() < last && !still) still = await standsStill(program, peer)
    peer.resume()
    await peer.receivesToEnd(message)
    await sending
    // Whoever had not read all by then could write the rest while the client read.
    if (!still) throw new TooBusy()
  },
}

export const backpressure: Behaviour = {
  id: 'backpressure',
  title: 'it stops reading from a client that does not read',
  alone: true,
  byHand: run => [`${run()} >/dev/null`, `yes | nc 127.0.0.1 ${PORT} | sleep 20`, `ss -tn 'sport = :${PORT}'`],
  async story({ serve, connect }) {
    const program = await serve()
    const before = memoryOf(program.pid)
    const peer = await connect()
    peer.pause()
    const block = Buffer.alloc(1 << 20, 'x')
    let taken = 0
    let still = false
    const last = Date.now() + BUSY * peer.patience
    while (taken < MOST_TAKEN && program.running && !still) {
      taken += block.length
      let more = peer.push(block)
      // Whoever is only slow takes more in the end: a server counts as still when it is seen to do nothing.
      while (!more && !still && program.running) {
        if (Date.now() > last) throw new Failure('other', `your server is busy and takes no more than ${mega(taken)}`, {
          program, peer, certain: false,
        })
        more = await peer.drained(50)
        still = !more && await standsStill(program, peer)
      }
    }
    if (!program.running) throw new Failure('ended', 'your program ended', { program })
    if (!still) {
      const after = memoryOf(program.pid)
      const grown = before !== undefined && after !== undefined ? `; its memory grew from ${mega(before)} to ${mega(after)}` : ''
      throw new Failure('memory', `your server took ${mega(taken)} from a client that reads nothing${grown}`, { program, peer, certain: true })
    }
    // A server that never reads stands still as well. This one has answered what it read.
    peer.resume()
    await peer.anything(1000)
    if (peer.pending.length === 0) {
      throw new Failure('silence', 'your server has stopped reading, but had sent nothing back', { program, peer })
    }
  },
}

export const endAtTheBrim: Behaviour = {
  id: 'end-at-the-brim',
  title: 'what waits in the server when a client ends its side still comes back',
  platforms: ['linux'],
  alone: true,
  long: true,
  // Buffers are filled too exactly for a hand.
  byHand: () => [],
  async story({ serve, connect }) {
    const program = await serve()
    const began = Date.now()
    let full = false
    for (let again = true; again;) {
      const peer = await connect()
      peer.pause()
      full = await fillToTheBrim(program, peer)
      again = !full && Date.now() - began < FILLS * peer.patience
      await endsAndReads(peer)
    }
    if (!full) throw new TooBusy()
  },
}

export const endWhileWaiting: Behaviour = {
  id: 'end-while-waiting',
  title: 'a client that ends while the server waits for room does the next one no harm',
  // A server that looks after many has others to look after while it waits for ever.
  to: 7,
  platforms: ['linux'],
  alone: true,
  long: true,
  byHand: () => [],
  async story({ serve, connect }) {
    const program = await serve()
    // Enough to make it wait for room, and read in one piece: Node takes 16 KB, and 64 KB from 22 on.
    const size = getDefaultHighWaterMark(false) > 20_000 ? 65_536 : 20_000
    let waits = false
    for (let left = 3; left > 0 && !waits; left--) {
      const peer = await connect()
      peer.pause()
      waits = await fillToTheBrim(program, peer) && await giveUntilRead(program, peer, size) !== undefined
      await endsAndReads(peer)
      const next = await connect()
      await next.send('Hello\n')
      await next.receives('Hello\n')
      await next.leave(500)
    }
    if (!waits) throw new TooBusy()
  },
}

export const oneAfterAnother: Behaviour = {
  id: 'one-after-another',
  title: '200 clients, one after another, are all served',
  async story({ serve, connect }) {
    await serve()
    for (let count = 0; count < 200; count++) {
      const peer = await connect()
      const message = `client ${count}\n`
      await peer.send(message)
      peer.end()
      await peer.receivesToEnd(message)
    }
  },
}

export const letsGo: Behaviour = {
  id: 'lets-go',
  title: 'when its clients have left, it holds on to nothing of theirs',
  platforms: ['linux'],
  byHand: run => [
    run(),
    `for i in $(seq 20); do printf x | nc -N 127.0.0.1 ${PORT}; done\nls /proc/$(lsof -t -iTCP:${PORT} -sTCP:LISTEN)/fd | wc -l`,
  ],
  async story({ serve, connect }) {
    const program = await serve()
    const visit = async () => {
      const peer = await connect()
      await peer.send('x')
      peer.end()
      await peer.receivesToEnd('x')
    }
    // What a program opens once, at its first client, is no leak.
    await visit()
    await program.settled()
    const before = descriptorsOf(program.pid) ?? 0
    for (let count = 0; count < VISITS; count++) await visit()
    // It may still be putting away the last of them.
    const kept = () => (descriptorsOf(program.pid) ?? Infinity) - before
    await until(() => kept() < VISITS / 2, 500)
    if (!program.running) throw new Failure('ended', 'your program ended', { program })
    if (kept() >= VISITS / 2) {
      throw new Failure('descriptors', `${VISITS} clients came and left, and your server has ${kept()} more files and sockets open than before`, { program })
    }
  },
}

/** What begins to hold in this lesson, in the order in which it is told. */
export const behaviours = [
  echo, echoBinary, echoSplit, halfClose, echoLarge, backpressure, endAtTheBrim, endWhileWaiting,
  oneAfterAnother, letsGo,
]

// Socket buffers on both sides hold a few megabytes; what is beyond is held by the program.
const MOST_TAKEN = 64 << 20
// In milliseconds: for how long a busy server is watched, before patience.
const BUSY = 2000
const VISITS = 20

/** Ends the side of a client that has not read, and lets it read: all that it has sent comes back. */
async function endsAndReads(peer: Peer): Promise<void> {
  const { sent } = peer
  peer.end()
  await until(() => serverEnd(PORT, peer.port)?.state !== ESTABLISHED)
  // Time for the server to hear of it.
  await new Promise(resolve => setTimeout(resolve, STILL * peer.patience))
  peer.resume()
  await peer.receivesToEnd(sent)
}

function mega(bytes: number): string {
  return `${Math.round(bytes / (1 << 20))} MB`
}
