import type { Behaviour, RunLine, World } from '#workbook/check/behaviour.ts'
import { added } from '#workbook/check/change.ts'
import type { Peer } from '#workbook/check/client/peer.ts'
import { Failure } from '#workbook/check/explain/failure.ts'
import type { Exercise } from '#workbook/check/lesson.ts'
import type { Program } from '#workbook/check/program/program.ts'
import { DEADLINES, PORT } from '#workbook/check/setting.ts'
import { until } from '#workbook/machine/until.ts'
import { sendPiece } from '../shared/piece.ts'

const CHAT = 'chat.ts'
const NC = `nc 127.0.0.1 ${PORT}`
const LINES = 12_000
const LONGEST = 1000

const byHand = (run: RunLine) => [run(CHAT), NC, NC]

async function open({ start }: World): Promise<Program> {
  const program = start(CHAT)
  await program.listening(PORT)
  return program
}

/** Waits for these lines; whether a server ends them with CR LF or with LF is its own affair. */
async function hears(peer: Peer, ...lines: readonly string[]): Promise<void> {
  for (let before = -1; !peer.pending.includes('\n') && peer.open && peer.heard > before;) {
    before = peer.heard
    await peer.anything(DEADLINES.silence)
  }
  const [ending] = /\r?\n/.exec(peer.pending.toString('latin1')) ?? ['\r\n']
  await peer.receives(lines.map(line => `${line}${ending}`).join(''))
}

/** A new client with a name, of whom the others hear. */
async function comes({ connect }: World, name: string, others: readonly Peer[] = []): Promise<Peer> {
  const peer = await connect()
  await peer.send(`${name}\r\n`)
  for (const other of others) await hears(other, `* ${name} has come`)
  return peer
}

/** The same, when nobody is there to hear of it: it has come when its name has been read. */
async function comesFirst({ connect }: World, program: Program, name: string): Promise<Peer> {
  const peer = await connect()
  await sendPiece(program, peer, `${name}\r\n`)
  return peer
}

async function expectRefused(peer: Peer, why: string): Promise<void> {
  const received = await peer.answer(DEADLINES.silence)
  if (!/^Refused: [^\r\n]*\p{L}[^\r\n]*\r?\n$/u.test(received.toString('utf8'))) {
    throw new Failure('other', `${why} should get one line that begins with "Refused: ", and got ${JSON.stringify(received.toString('latin1', 0, 100))}`, { peer })
  }
  await peer.receivesToEnd(received)
  peer.end()
}

export const tellsTheOthers: Behaviour = {
  id: 'exercise-chat-tells-the-others',
  title: 'everybody else hears who has come, what they say, and who has left',
  alone: true,
  byHand,
  async story(world) {
    const program = await open(world)
    const { random } = world
    const [one = '', two = '', three = ''] = [random.word(), random.word(), random.word()]
    const first = await comesFirst(world, program, one)
    const second = await comes(world, two, [first])
    await first.send('Hello\n')
    await hears(second, `${one}: Hello`)
    const third = await comes(world, three, [first, second])
    await third.send('Hello, both of you\r\nHow are you?\r\n')
    for (const peer of [first, second]) await hears(peer, `${three}: Hello, both of you`, `${three}: How are you?`)
    second.end()
    for (const peer of [first, third]) await hears(peer, `* ${two} has left`)
    await second.receivesToEnd('')
    await first.send('Only two of us\n')
    await hears(third, `${one}: Only two of us`)
  },
}

export const namesAreTheirOwn: Behaviour = {
  id: 'exercise-chat-names',
  title: 'a name that is empty or taken is refused, and is free again later',
  alone: true,
  byHand,
  async story(world) {
    await open(world)
    const { random } = world
    const [one = '', two = ''] = [random.word(), random.word()]
    const first = await comes(world, one)
    const second = await comes(world, two, [first])
    await expectRefused(await comes(world, ''), 'a client with an empty name')
    await expectRefused(await comes(world, one), 'a client whose name is taken')
    // Of those who were refused nobody has heard, and whose name it was still hears.
    await second.send('Nobody has come\n')
    await hears(first, `${two}: Nobody has come`)
    second.end()
    await hears(first, `* ${two} has left`)
    await comes(world, two, [first])
  },
}

export const linesAreLines: Behaviour = {
  id: 'exercise-chat-lines',
  title: 'a line is a line however it arrives, and has at most 1000 bytes',
  alone: true,
  byHand,
  async story(world) {
    const program = await open(world)
    const { random, connect } = world
    const [one = '', two = ''] = [random.word(), random.word()]
    const first = await comesFirst(world, program, one)
    const second = await connect()
    for (const piece of [two.slice(0, 3), `${two.slice(3)}\r`, '\nHel', 'lo\r\nand']) await sendPiece(program, second, Buffer.from(piece))
    await second.send(' more, caf\u00e9\n')
    await hears(first, `* ${two} has come`, `${two}: Hello`, `${two}: and more, caf\u00e9`)
    const longest = random.word(LONGEST)
    await second.send(`${longest}\r\n${longest}\n`)
    await hears(first, `${two}: ${longest}`, `${two}: ${longest}`)
    for (const line of [`${random.word(LONGEST + 1)}\r\n`, `${random.word(LONGEST + 1)}\n`, random.word(3 * LONGEST)]) {
      const name = random.word()
      const peer = await comes(world, name, [first, second])
      await peer.send(line)
      await expectRefused(peer, `a client with a line of ${line.trimEnd().length} bytes`)
      for (const other of [first, second]) await hears(other, `* ${name} has left`)
    }
  },
}

export const oneDoesNotRead: Behaviour = {
  id: 'exercise-chat-one-does-not-read',
  title: 'a client that does not read keeps nobody waiting, and costs little memory',
  alone: true,
  byHand: run => [run(CHAT), `(echo Slow; sleep 60) | ${NC} | sleep 60`, `(echo Anna; sleep 5; yes) | ${NC}`, `(echo Ben; sleep 60) | ${NC} | tail -f`],
  async story(world) {
    const program = await open(world)
    const name = world.random.word()
    const talker = await comes(world, name)
    const joins = async (guest: string) => {
      const peer = await comes(world, guest)
      if (await until(() => talker.pending.includes(`* ${guest} has come`), DEADLINES.silence * talker.patience)) return peer
      throw new Failure('silence', `${name} does not hear that ${guest} has come`, { program, peer: talker })
    }
    const slow = await joins('Slow')
    slow.pause()
    const other = await joins('Other')
    const last = world.random.word(20)
    const line = `${'x'.repeat(LONGEST - 1)}\n`
    talker.send(`${line.repeat(LINES)}${last}\n`).catch(() => {})
    const all = LINES * (name.length + 2 + line.length)
    for (let before = -1; other.heard > before && (other.heard < all || !other.pending.includes(last));) {
      before = other.heard
      await other.anything(DEADLINES.silence)
    }
    if (!program.running) throw new Failure('ended', 'your program ended', { program })
    if (!other.pending.includes(last)) {
      throw new Failure('silence', 'a client that does not read keeps another one from hearing what is said', { program, peer: other })
    }
    slow.resume()
    for (let before = -1; slow.open && slow.heard > before;) {
      before = slow.heard
      await slow.anything(SOON)
    }
    if (slow.heard < all) return
    throw new Failure('memory', `your server has kept ${Math.round(all / 1e6)} MB for a client that did not read`, { program, peer: slow, certain: true })
  },
}

/** What of the exercises can be checked; the others ask the reader to look at something, or to think. */
export const exercises: readonly Exercise[] = [
  {
    id: 'a-small-chat',
    behaviours: [tellsTheOthers, namesAreTheirOwn, linesAreLines, oneDoesNotRead],
    solution: [added(CHAT, `import type { Socket } from 'node:net'
import { Incoming, Refusal } from './incoming.ts'
import { startServer } from './listen.ts'

const MOST = 1000
const MOST_WAITING = 1_000_000
const guests = new Map<Socket, string>()

async function handleClient(conn: Socket): Promise<void> {
  const incoming = new Incoming(conn.iterator({ destroyOnReturn: false }))
  try {
    const name = await nextLine(incoming)
    if (name === '') throw new Refusal('a name has at least one letter')
    const isTaken = [...guests.values()].includes(name)
    if (isTaken) throw new Refusal('this name is taken')
    guests.set(conn, name)
    tellOthers(conn, \`* \${name} has come\`)
    while (!await incoming.isOver()) {
      tellOthers(conn, \`\${name}: \${await nextLine(incoming)}\`)
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    conn.write(\`Refused: \${error.message}\\r\\n\`)
  } finally {
    const name = guests.get(conn)
    guests.delete(conn)
    if (name !== undefined) tellOthers(conn, \`* \${name} has left\`)
  }
}

async function nextLine(incoming: Incoming): Promise<string> {
  const bytes = await incoming.until('\\n', MOST + 1)
  const line = bytes.toString('latin1').replace(/\\r$/, '')
  if (line.length > MOST) throw new Refusal(\`\${MOST} bytes are the most\`)
  return line
}

function tellOthers(conn: Socket, line: string): void {
  for (const guest of guests.keys()) {
    if (guest !== conn) guest.write(\`\${line}\\r\\n\`, 'latin1')
    if (guest.writableLength > MOST_WAITING) guest.destroy()
  }
}

await startServer(handleClient)
`)],
  },
]

// In milliseconds.
const SOON = 200
