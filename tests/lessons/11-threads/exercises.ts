import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Behaviour } from '../../../scripts/workbook/check/behaviour.ts'
import { expectBytes, expectExitCode, expectOneLine } from '../../../scripts/workbook/check/client/expect.ts'
import { Failure } from '../../../scripts/workbook/check/explain/failure.ts'
import { listenersOf } from '../../../scripts/workbook/machine/sockets.ts'
import { EVERY_BYTE, madeBy } from '../../../scripts/workbook/check/client/random.ts'
import { DEADLINES, PORT } from '../../../scripts/workbook/check/setting.ts'
import { asks, EXCUSE, expectExcuse, expectStamp, STAMP_PORT } from './behaviours.ts'

// The stories of the exercises: each holds for a program that solves it, and for no other.

export const adviceForAddress: Behaviour = {
  id: 'exercise-somebody-elses-address',
  title: 'an address of another machine: it says so in one line, with exit code 1',
  from: 2,
  alone: true,
  byHand: run => [`${run()}; echo $?`],
  async story({ start }) {
    const program = start()
    await program.ended(DEADLINES.start).catch(() => {
      throw new Failure('runs-on', 'your program runs: its SERVER_NAME should be 192.0.2.1', { program })
    })
    expectOneLine(program, /192\.0\.2\.1/, 'that names the address 192.0.2.1')
    expectExitCode(program, 1)
  },
}

export const everybodysDoor: Behaviour = {
  id: 'exercise-everybodys-door',
  title: 'it listens on every address of this machine',
  from: 2,
  byHand: run => [run(), `ss -ltn 'sport = :${PORT}'`],
  async story({ serve }) {
    const program = await serve()
    const doors = listenersOf(program.pid).filter(door => door.port === PORT)
    if (doors.some(door => door.host === '::' || door.host === '0.0.0.0')) return
    throw new Failure('other', `your program listens on ${doors[0]?.host ?? 'no address'} only`, { program })
  },
}

export const numberedGuests: Behaviour = {
  id: 'exercise-number-your-guests',
  title: 'it counts its guests: Guest 1:, Guest 2: and so on, before each greeting',
  from: 4,
  alone: true,
  async story({ serve, connect }) {
    const program = await serve()
    for (let guest = 1; guest <= 3; guest++) {
      const peer = await connect()
      // On a line of its own or in front of the address: the text leaves it open.
      await program.line(line => line.startsWith(`Guest ${guest}:`), `Guest ${guest}: 127.0.0.1:${peer.port}`)
      if (program.output.seen.some(line => line.includes(`:${peer.port}`))) continue
      await program.line(line => line.endsWith(`127.0.0.1:${peer.port}`), `Guest ${guest}: 127.0.0.1:${peer.port}`)
    }
  },
}

export const countedBytes: Behaviour = {
  id: 'exercise-count-the-bytes',
  title: 'when a client has ended, it prints how many bytes came from it',
  from: 5,
  async story({ serve, connect, random }) {
    const program = await serve()
    for (const count of [1_000_000, 1 + random.next() % 1000]) {
      const peer = await connect()
      await peer.send(madeBy(Buffer.alloc(count), `head -c ${count} /dev/zero`))
      peer.end()
      // 1,000,000 and 1_000_000 are the same number. What a chunk is printed as has no such number alone.
      const number = new RegExp(`(?<![\\d.,_:\\\\x])${[...String(count)].join('[,_. ]?')}(?!\\d)`)
      await program.line(line => !line.startsWith('Received') && number.test(line), String(count))
    }
  },
}

export const shout: Behaviour = {
  id: 'exercise-shout',
  title: 'small letters come back as capitals, and every other byte as it was',
  from: 6,
  async story({ serve, connect }) {
    await serve()
    for (const message of [Buffer.from('Hello\n'), E_ACUTE, EVERY_BYTE]) {
      const peer = await connect()
      await peer.send(message)
      const shouted = message.map(byte => byte >= 0x61 && byte <= 0x7a ? byte - 32 : byte) as Buffer
      await peer.receives(shouted).catch(error => {
        if (!(error instanceof Failure) || message !== E_ACUTE) throw error
        throw new Failure(error.kind, `${error.message}: é is two bytes, c3 a9, and neither is a letter of ASCII`, error.evidence)
      })
      // A server of this lesson looks after one client at a time.
      await peer.leave(500)
    }
  },
}

const E_ACUTE = Buffer.from('é\n')

export const oneByOne: Behaviour = {
  id: 'exercise-one-letter-at-a-time',
  title: 'the client sends one byte at a time, with a pause after each',
  from: 7,
  alone: true,
  byHand: run => [run(), run('client.ts')],
  async story({ answer, start }) {
    const pieces: Buffer[] = []
    const moments: number[] = []
    await answer(conn => {
      conn.on('data', data => {
        pieces.push(data)
        moments.push(Date.now())
        conn.write(data)
      })
      conn.on('end', () => conn.end())
    })
    let program = start('client.ts')
    // On a busy machine two letters are there before we look; what is sent in one piece never comes in five.
    for (let tries = 3; ; program = start('client.ts')) {
      await program.says('Received: \'Hello\'')
      await program.ended()
      expectBytes(Buffer.concat(pieces), Buffer.from('Hello'))
      if (pieces.length >= 5 || --tries === 0) break
      pieces.length = moments.length = 0
    }
    if (pieces.length < 5) {
      throw new Failure('other', `the five letters arrived in ${pieces.length} piece${pieces.length === 1 ? '' : 's'}`, { program })
    }
    const whole = (moments.at(-1) ?? 0) - (moments[0] ?? 0)
    if (whole < 100) throw new Failure('other', `the five letters came within ${whole} ms: there should be 50 ms after each`, { program })
  },
}

export const sendAFile: Behaviour = {
  id: 'exercise-send-a-file',
  title: 'of a message @FILE the client sends the file, and fills workspace/back.ts',
  from: 7,
  alone: true,
  byHand: run => [
    run(),
    `head -c 300000 /dev/urandom >workspace/photo\n${run('client.ts', ['@workspace/photo'])}\ncmp workspace/photo workspace/back.ts`,
  ],
  async story({ answer, start, random }) {
    const photo = random.bytes(300_000)
    const pieces: Buffer[] = []
    await answer(conn => {
      conn.on('data', data => {
        pieces.push(data)
        conn.write(data)
      })
      conn.on('end', () => conn.end())
    })
    const cwd = mkdtempSync(join(tmpdir(), 'port-12345-file-'))
    try {
      mkdirSync(join(cwd, 'workspace'))
      writeFileSync(join(cwd, 'workspace/photo'), photo)
      const program = start('client.ts', ['@workspace/photo'], { cwd })
      await program.ended()
      const sent = Buffer.concat(pieces)
      if (sent.toString().startsWith('@')) {
        throw new Failure('other', 'the client has sent the name of the file, and should send what is in it', { program })
      }
      expectBytes(sent, photo)
      const back = readIn(cwd, 'workspace/back.ts')
      if (!back) throw new Failure('other', 'the client has written no workspace/back.ts', { program })
      if (!back.equals(photo)) {
        throw new Failure('other', `workspace/back.ts has ${back.length} bytes and is not what came back, which were ${photo.length}`, { program })
      }
      expectExitCode(program, 0)
    } finally {
      rmSync(cwd, { recursive: true, force: true })
    }
  },
}

export const howMuchWasHeard: Behaviour = {
  id: 'exercise-how-much-was-heard',
  title: 'a loss says how much came: Lost 127.0.0.1:49743 after 5 bytes: ECONNRESET',
  from: 9,
  alone: true,
  byHand: run => [run(), run('reset.ts')],
  async story({ serve, connect, random }) {
    const program = await serve()
    // Another client's bytes are not counted.
    const other = await connect()
    await other.send('I stay')
    await other.receives('I stay')
    for (const pieces of [['Hello'], ['Hel', 'lo', random.word()]]) {
      const peer = await connect()
      for (const piece of pieces) {
        await peer.send(piece)
        await peer.receives(piece)
      }
      peer.reset()
      const start = `Lost 127.0.0.1:${peer.port} after ${peer.sent.length} bytes: `
      await program.line(line => line.startsWith(start), `${start}ECONNRESET`)
    }
  },
}

export const whoIsStillHere: Behaviour = {
  id: 'exercise-who-is-still-here',
  title: 'it prints how many are connected when one comes, leaves or vanishes',
  from: 9,
  alone: true,
  byHand: run => [run(), `nc -N 127.0.0.1 ${PORT}`, run('reset.ts')],
  async story({ serve, connect }) {
    const program = await serve()
    const counts = (count: number) => program.says(`${count} connected`)
    const first = await connect()
    await counts(1)
    const second = await connect()
    await counts(2)
    await second.send('Hello')
    await second.receives('Hello')
    second.reset()
    await counts(1)
    const third = await connect()
    await counts(2)
    third.end()
    await third.receivesToEnd('')
    await counts(1)
    first.end()
    await counts(0)
  },
}

export const whoTalksMost: Behaviour = {
  id: 'exercise-who-talks-most',
  title: 'it counts for each: Messages so far: 57, 3 from 127.0.0.1:49743',
  from: 10,
  alone: true,
  async story({ serve, connect }) {
    const program = await serve()
    const first = await connect()
    const second = await connect()
    let all = 0
    for (const [peer, own] of [[first, 1], [second, 1], [first, 2], [first, 3], [second, 2]] as const) {
      await peer.send('Hello\n')
      await peer.receives('Hello\n')
      await program.says(`Messages so far: ${++all}, ${own} from 127.0.0.1:${peer.port}`)
    }
  },
}

export const tooLong: Behaviour = {
  id: 'exercise-too-long',
  title: 'more than 100 bytes are refused in one line, and 100 are stamped',
  from: 11,
  byHand: run => [run(), `head -c 101 /dev/zero | nc -N 127.0.0.1 ${STAMP_PORT}`],
  async story(world) {
    const program = await world.serve()
    // A message with a stamp that is soon found: it takes 502 tries.
    const longest = `${'x'.repeat(97)}577`
    const peer = await asks(world, program, longest)
    expectStamp(await peer.answer(EXCUSE), longest, peer)
    for (const length of [101, 5_000_000]) {
      const long = await asks(world, program, madeBy(Buffer.alloc(length), `head -c ${length} /dev/zero`))
      await expectExcuse(await long.answer(EXCUSE), long, program)
    }
    const again = await asks(world, program, longest)
    expectStamp(await again.answer(EXCUSE), longest, again)
  },
}

function readIn(folder: string, file: string): Buffer | undefined {
  try {
    return readFileSync(join(folder, file))
  } catch {
    return undefined
  }
}
