import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import type { Behaviour, World } from '#workbook/check/behaviour.ts'
import type { Peer } from '#workbook/check/client/peer.ts'
import { EVERY_BYTE, madeBy } from '#workbook/check/client/random.ts'
import { Failure, TooBusy } from '#workbook/check/explain/failure.ts'
import type { Program } from '#workbook/check/program/program.ts'
import { DEADLINES, PORT } from '#workbook/check/setting.ts'
import { idleAt } from '#workbook/machine/sockets.ts'
import { sendPiece } from '../shared/piece.ts'
import { unlessLinux } from '../shared/unless.ts'
import { answers, DELIMITER, head, line, message, MOST, wire, type Message } from './messages.ts'

/** Sends a message on a connection that goes on, and expects its line from both ends. */
async function told(program: Program, peer: Peer, message: Message, count: number): Promise<void> {
  await peer.send(head(message))
  // A message that is long has a command of its own, with which a reader can make it again.
  await peer.send(message.body)
  if (message.kind === 'text') await peer.send(DELIMITER)
  await peer.receives(answers([message], count))
  await program.says(line(count, message))
}

export const aText: Behaviour = {
  id: 'a-text',
  title: 'text: a message ends at CR LF CR LF, which is not part of it',
  async story({ serve, connect, random }) {
    const program = await serve()
    const peer = await connect()
    const texts = [
      'Hello', random.word(), '', `${random.word()}\r\nand a second line`, 'caf\u00e9', random.word(61 + random.next() % 100),
    ]
    for (const [index, text] of texts.entries()) {
      const sent = message('text', text)
      await peer.send(wire(sent))
      await peer.receives(answers([sent], index + 1))
      await program.says(line(index + 1, sent))
    }
    peer.end()
    await peer.receivesToEnd('')
  },
}

export const aSize: Behaviour = {
  id: 'a-size',
  title: 'size: four bytes say how long a message is, whatever bytes it is made of',
  byHand: run => [run(), `(printf 'size\\r\\n\\000\\000\\000\\005Hello'; sleep 1
 printf 'size\\r\\n\\000\\000\\001\\000'; head -c 256 /dev/urandom; sleep 1
 printf 'size\\r\\n\\000\\004\\000\\000'; head -c 262144 /dev/urandom) \\\n  | nc 127.0.0.1 ${PORT}`],
  async story({ serve, connect, random }) {
    const program = await serve()
    const peer = await connect()
    const bodies = [
      Buffer.from('Hello'), Buffer.alloc(0), Buffer.from('one\r\n\r\ntwo'), Buffer.from([0, 0xff, 0xe9, 0x80]),
      EVERY_BYTE, random.bytes(257 + random.next() % 1000), random.bytes(300_000 + random.next() % 100_000),
    ]
    for (const [index, body] of bodies.entries()) await told(program, peer, { kind: 'size', body }, index + 1)
  },
}

export const theRest: Behaviour = {
  id: 'the-rest',
  title: 'rest: a message is all that comes until the client ends its side',
  byHand: run => [run(), `(printf 'rest\\r\\n'; head -c 300000 /dev/urandom) | nc -N 127.0.0.1 ${PORT}`],
  async story({ serve, connect, random }) {
    const program = await serve()
    const bodies = [
      Buffer.from(`${random.word()}\r\n\r\nand more`), Buffer.alloc(0), random.bytes(300_000 + random.next() % 100_000),
    ]
    for (const body of bodies) {
      const peer = await connect()
      const sent: Message = { kind: 'rest', body }
      await peer.send(head(sent))
      await peer.send(body)
      peer.end()
      await peer.receivesToEnd(answers([sent]))
      await program.says(line(1, sent))
    }
  },
}

export const severalInOnePiece: Behaviour = {
  id: 'several-in-one-piece',
  title: 'what follows a message in the same piece belongs to the next message',
  async story({ serve, connect, random }) {
    await serve()
    const two = [message('text', random.word()), message('size', random.word())]
    const stays = await connect()
    await stays.send(wire(...two))
    await stays.receives(answers(two))
    const three = [message('size', `${random.word(2)}\r\n`), message('text', random.word(3)), message('rest', random.word(3))]
    const ends = await connect()
    await ends.send(wire(...three))
    ends.end()
    await ends.receivesToEnd(answers(three))
  },
}

/** A message of each kind. The first looks twice as if it were about to end. */
function oneOfEach({ random }: World): Message[] {
  return [
    message('text', `${random.word(4)}\r\n\rb\r`),
    message('size', `${random.word(2)}${DELIMITER}c`),
    message('rest', `${random.word(2)}\r\n`),
  ]
}

/** What comes before and behind a cut, message by message: so a reader can tell them apart in the command. */
function cutAt(messages: readonly Message[], at: number): [before: Buffer[], behind: Buffer[]] {
  const before: Buffer[] = []
  const behind: Buffer[] = []
  let start = 0
  for (const bytes of messages.map(message => wire(message))) {
    const cut = Math.min(Math.max(at - start, 0), bytes.length)
    if (cut > 0) before.push(bytes.subarray(0, cut))
    if (cut < bytes.length) behind.push(bytes.subarray(cut))
    start += bytes.length
  }
  return [before, behind]
}

export const anySplit: Behaviour = {
  id: 'any-split',
  title: 'cut in two at any byte, the same bytes are the same messages',
  async story(world) {
    const program = await world.serve()
    const messages = oneOfEach(world)
    const { length } = wire(...messages)
    let apart = 0
    for (let at = 1; at < length; at++) {
      const peer = await world.connect()
      const [before, behind] = cutAt(messages, at)
      for (const part of before.slice(0, -1)) await peer.send(part)
      if (await sendPiece(program, peer, before.at(-1)!)) apart++
      for (const part of behind) await peer.send(part)
      peer.end()
      await peer.receivesToEnd(answers(messages))
    }
    if (apart < length / 2) throw new TooBusy()
  },
}

export const byteByByte: Behaviour = {
  id: 'byte-by-byte',
  title: 'sent one byte at a time, the same bytes are the same messages',
  byHand: run => [
    run(), `(printf 'text\\r\\nHello'\n for c in '\\r' '\\n' '\\r' '\\n'; do sleep 1; printf $c; done) \\\n  | nc 127.0.0.1 ${PORT}`,
  ],
  async story(world) {
    const program = await world.serve()
    const messages = oneOfEach(world)
    const before = messages.slice(0, 2)
    const rest = messages.slice(2)
    const peer = await world.connect()
    let apart = 0
    const sendSlowly = async (bytes: Buffer) => {
      for (const byte of bytes) if (await sendPiece(program, peer, Buffer.of(byte))) apart++
    }
    await sendSlowly(wire(...before))
    await peer.receives(answers(before))
    await sendSlowly(wire(...rest))
    peer.end()
    await peer.receivesToEnd(answers(rest, 3))
    if (apart < wire(...messages).length / 2) throw new TooBusy()
  },
}

export const twoClients: Behaviour = {
  id: 'two-clients',
  title: 'two clients whose pieces come by turns get each their own messages',
  byHand: run => [run(), ...['Anna', 'Ben'].map(name =>
    `(printf 'text\\r\\nI am '; sleep 5; printf '${name}\\r\\n\\r\\n') \\\n  | nc 127.0.0.1 ${PORT}`)],
  async story(world) {
    const program = await world.serve()
    const { random } = world
    const all = await Promise.all([0, 1].map(async () => {
      const messages = [message('text', random.word(20)), message('size', random.word(20)), message('rest', random.word(20))]
      return { messages, peer: await world.connect(), left: wire(...messages) }
    }))
    while (all.some(({ left }) => left.length > 0)) {
      for (const client of all) {
        const size = 1 + random.next() % 12
        if (client.left.length > 0) await sendPiece(program, client.peer, client.left.subarray(0, size))
        client.left = client.left.subarray(size)
      }
    }
    for (const { peer } of all) peer.end()
    for (const { messages, peer } of all) await peer.receivesToEnd(answers(messages))
  },
}

export const noSuchWord: Behaviour = {
  id: 'no-such-word',
  title: 'a word that is none of the three is refused, and nothing after it is taken',
  async story(world) {
    const program = await world.serve()
    const { random } = world
    // The word of the third has no end.
    for (const word of [`${random.word()}\r\n`, '\x1b[31m\x07\r\n', '']) {
      const peer = await world.connect()
      await peer.send(word === '' ? xs(200) : `${word}text\r\nHello${DELIMITER}`)
      await expectRefused(program, peer, 'a client whose first word is none of the three')
    }
    await world.serves(program)
  },
}

export const earlyEnd: Behaviour = {
  id: 'early-end',
  title: 'a client that ends its side in the middle of a message is refused',
  async story(world) {
    const program = await world.serve()
    const hello = message('text', world.random.word())
    const begun = [
      'te', 'text\r\nHel', 'text\r\nHello\r\n\r', 'size\r\n\0\0', 'size\r\n\0\0\0\x05Hel', 'rest\r',
    ]
    for (const part of begun) {
      const peer = await world.connect()
      await peer.send(part)
      peer.end()
      await expectRefused(program, peer, 'a client that ends in the middle of a message')
    }
    const peer = await world.connect()
    await peer.send(wire(hello))
    await peer.receives(answers([hello]))
    await peer.send('size\r\n')
    peer.end()
    await expectRefused(program, peer, 'a client that ends in the middle of its second message')
    await world.serves(program)
  },
}

export const linear: Behaviour = {
  id: 'linear',
  title: 'one text of 16 MB costs about as much work as eight of 2 MB',
  alone: true,
  platforms: ['linux'],
  unless: unlessLinux,
  byHand: run => [
    run(), `(printf 'text\\r\\n'; head -c ${8 * SHORT} /dev/zero; printf '\\r\\n\\r\\n') \\\n  | nc 127.0.0.1 ${PORT}`,
    `awk '{print $14+$15}' /proc/$(lsof -t -iTCP:${PORT} -sTCP:LISTEN)/stat`,
  ],
  async story({ serve, connect }) {
    const program = await serve()
    const peer = await connect()
    const short: Message = { kind: 'text', body: xs(SHORT) }
    const long: Message = { kind: 'text', body: xs(8 * SHORT) }
    // What Node does once, such as compiling the program, it does for the first.
    await told(program, peer, short, 1)
    const began = await ticksOf(program)
    for (let count = 2; count < 10; count++) await told(program, peer, short, count)
    const between = await ticksOf(program)
    const few = between - began
    // Eight times as much is what a search from the start costs; a tick is coarse, and the garbage comes when it likes.
    const most = TIMES * few + COARSE
    let one = 0
    try {
      await told(program, peer, long, 10)
      one = await ticksOf(program) - between
    } catch (error) {
      // It takes so long that nobody waits for the answer, and has cost too much already.
      one = (ticksSoFar(program) ?? 0) - between
      if (!(error instanceof Failure) || one <= most) throw error
    }
    if (one <= most) return
    throw new Failure('other', `one text of 16 MB cost your server ${one} ticks of processor time, and eight of 2 MB only ${few}`, { program, peer })
  },
}

export const tooLong: Behaviour = {
  id: 'too-long',
  title: 'a message may have 16777216 bytes, and what is longer is refused in time',
  async story({ serve, connect }) {
    const program = await serve()
    const announces = await connect()
    await announces.send(Buffer.concat([Buffer.from('size\r\n'), Buffer.from([1, 0, 0, 1])]))
    await expectRefused(program, announces, 'a client that announces 16777217 bytes')
    const just = await connect()
    await told(program, just, { kind: 'text', body: xs(MOST) }, 1)
    const endless = await connect()
    // It does not read while it sends, as many clients do.
    endless.pause()
    await endless.send('text\r\n')
    endless.send(xs(MOST + STILL_SENDING)).catch(() => {})
    const refusal = await program.line(line => line.startsWith('Refused: '), 'Refused: ...').catch(error => {
      throw error instanceof Failure && error.kind === 'no-line' && program.running
        ? new Failure('silence', 'a client has sent more than 16777216 bytes without an end, and is not refused', {
            program, peer: endless, ...error.evidence.since !== undefined && { since: error.evidence.since },
          })
        : error
    })
    await new Promise(resolve => setTimeout(resolve, LATER))
    endless.resume()
    await expectRefused(program, endless, 'a client that sends more than 16777216 bytes', { printed: refusal })
    const rest = await connect()
    await rest.send('rest\r\n')
    rest.send(xs(MOST + 1)).catch(() => {})
    rest.end()
    await expectRefused(program, rest, 'a client whose rest has 16777217 bytes')
  },
}

/** What begins to hold in this lesson, in the order in which it is told. */
export const behaviours: readonly Behaviour[] = [
  aText, aSize, theRest, severalInOnePiece, anySplit, byteByByte, twoClients, noSuchWord, earlyEnd, linear, tooLong,
]

/** Expects one line that says why, on the wire and in the terminal, and the end of the server's side. */
async function expectRefused(
  program: Program, peer: Peer, client: string, { printed }: { printed?: string } = {},
): Promise<void> {
  const received = await peer.answer(DEADLINES.silence)
  const said = received.toString('utf8')
  if (said === '') throw new Failure('closed', `${client} should be told why it is refused, and your server ends its side without a word`, { program, peer, certain: true })
  if (!/^Refused: [^\r\n]*\p{L}[^\r\n]*\r\n$/u.test(said)) {
    throw new Failure('other', `${client} should get one line that begins with "Refused: ", and got ${inspect(said, { maxStringLength: 100 })}`, { program, peer })
  }
  const steers = /[\x00-\x1f\x7f-\x9f]/.exec(said.trimEnd())
  if (steers) throw new Failure('other', `what a client has sent should be shown escaped, and the byte ${hex(steers[0])} came back as it was`, { program, peer })
  await peer.receivesToEnd(received)
  if (printed === undefined) await program.says(said.trimEnd())
  else if (printed !== said.trimEnd()) throw new Failure('other', `your server prints "${printed}", and tells the client something else`, { program, peer })
}

/** The processor time that a program has used by now, as the kernel counts it: proc_pid_stat(5), utime and stime. */
function ticksSoFar({ pid }: Program): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ')
    return Number(fields[11]) + Number(fields[12])
  } catch {
    return undefined
  }
}

/** The processor time that a program has used when it has nothing more to do. */
async function ticksOf(program: Program): Promise<number> {
  await program.settled()
  const ticks = idleAt(program.pid)
  if (ticks === undefined) throw new TooBusy()
  return ticks
}

function hex(letter: string): string {
  return letter.charCodeAt(0).toString(16).padStart(2, '0')
}

function xs(size: number): Buffer {
  return madeBy(Buffer.alloc(size, 'x'), `head -c ${size} /dev/zero | tr '\\0' x`)
}

const SHORT = 2_000_000
const TIMES = 3
// In ticks of the kernel, a hundred a second.
const COARSE = 15
const STILL_SENDING = 8 << 20
// In milliseconds: for as long a client that was refused goes on sending.
const LATER = 100
