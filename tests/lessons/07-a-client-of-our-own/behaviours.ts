import type { Behaviour } from '#workbook/check/behaviour.ts'
import { expectExitCode, expectOneLine } from '#workbook/check/client/expect.ts'
import { Failure } from '#workbook/check/explain/failure.ts'
import { ESTABLISHED, FIN_WAIT_2, socketsOf, socketTable } from '#workbook/machine/sockets.ts'
import type { Program } from '#workbook/check/program/program.ts'
import { DEADLINES, PORT } from '#workbook/check/setting.ts'
import { printsEscaped } from '../shared/escaped.ts'
import { fillQueue } from '../shared/queue.ts'

const CLIENT = 'client.ts'
// A client may be patient for some seconds; its clock runs so many times as fast.
const CLOCK = 10
// A timer that keeps it alive does so for longer than we wait, however busy the machine is.
const SLOW_CLOCK = 1 / 5

// What nc cannot play: it would send the pieces before a client comes, and leave when the client ends its side.
const PIECES = `node -e '
  require("net").createServer(conn => {
    conn.write("Hel")
    setTimeout(() => conn.write("lo, w\\xc3", "latin1"), 200)
    setTimeout(() => conn.write("\\xb6r", "latin1"), 400)
    setTimeout(() => conn.end("ld"), 600)
  }).listen(${PORT}, "127.0.0.1")'`
const BREAKS_OFF = `node -e '
  require("net").createServer(conn => {
    conn.write("Hel", () => setTimeout(() => conn.resetAndDestroy(), 50))
  }).listen(${PORT}, "127.0.0.1")'`
// It never takes a caller out of its queue, in which there is room for two.
const FULL = `node -e '
  require("net").createServer().listen(${PORT}, "127.0.0.1", 1, () => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  })'`
const SILENT = `node -e '
  require("net").createServer({ allowHalfOpen: true }, conn => {
    conn.resume()
  }).listen(${PORT}, "127.0.0.1")'`

async function expectGivesUp(client: Program, words: RegExp, what: string, clock = 1): Promise<void> {
  const since = Date.now()
  await client.ended(DEADLINES.end).catch(() => {
    // By its own clock, and no more than have passed.
    const seconds = Math.floor((Date.now() - since) / 1000) * clock
    throw new Failure('runs-on', clock === 1
      ? `the client waits, and has not given up after ${seconds} s`
      : `the client waits, and has not given up when its clock, which runs ${clock} times as fast here, has counted ${seconds} s`, { program: client })
  })
  expectOneLine(client, words, what)
  expectExitCode(client, 1)
}

/**
 * Waits for a line, and sees for which end the client waits meanwhile. It keeps its own side open as long as
 * it is connected and no FIN has left; then it waits for the server's.
 */
async function saysUnlessOpen(client: Program, line: string): Promise<void> {
  let state = ''
  const look = setInterval(() => {
    const inodes = client.running ? socketsOf(client.pid) : undefined
    const row = inodes && socketTable().find(row => inodes.has(row.inode) && row.remote.port === PORT)
    if (row) state = row.state
  }, 200)
  try {
    await client.says(line)
  } catch (error) {
    // What has ended well has waited for nothing.
    if (client.exitCode === 0 || !(error instanceof Failure)) throw error
    if (state === ESTABLISHED) throw new Failure('stays-open', error.message, error.evidence)
    if (state === FIN_WAIT_2) {
      throw new Failure('other', 'the client has ended its side, and your server does not end its own, for which it waits: see npm run check 6', {
        program: client, certain: false,
      })
    }
    throw error
  } finally {
    clearInterval(look)
  }
}

export const clientTalks: Behaviour = {
  id: 'client-talks',
  title: 'the client sends its message, prints what comes back and ends',
  // The server of lesson 17 speaks TLS, and its client only from lesson 18 on.
  except: 17,
  byHand: run => [run(), `${run(CLIENT)}\n${run(CLIENT, ['Good morning'])}`],
  async story({ serve, start }) {
    await serve()
    const clients = [[], ['Good morning']].map(args => start(CLIENT, args, { clock: SLOW_CLOCK }))
    for (const [index, message] of ['Hello', 'Good morning'].entries()) {
      const program = clients[index]!
      await saysUnlessOpen(program, `Received: '${message}'`)
      await program.ended()
      expectExitCode(program, 0)
    }
  },
}

export const clientReadsToTheEnd: Behaviour = {
  id: 'client-reads-to-the-end',
  title: 'the client puts together an answer that comes in pieces',
  alone: true,
  byHand: run => [PIECES, run(CLIENT)],
  async story({ answer, start }) {
    await answer(async conn => {
      // The second ends in the middle of a letter.
      for (const piece of ['Hel', 'lo, w\xc3', '\xb6r', 'ld']) {
        conn.write(piece, 'latin1')
        // Written in one go, they would arrive as one.
        await new Promise(resolve => setTimeout(resolve, 30))
      }
      conn.end()
    })
    await start(CLIENT).says('Received: \'Hello, wörld\'')
  },
}

export const clientEndsItsSide: Behaviour = {
  id: 'client-ends-its-side',
  title: 'the client says when it has sent everything',
  alone: true,
  byHand: run => [`nc -lv 127.0.0.1 ${PORT}`, run(CLIENT)],
  async story({ answer, start }) {
    let called = false
    let told = false
    const pieces: Buffer[] = []
    await answer(conn => {
      called = true
      conn.on('data', data => pieces.push(data)).on('end', () => {
        told = true
        conn.end('all of it')
      })
    })
    const message = ' Olé '
    const program = start(CLIENT, [message])
    try {
      await program.says('Received: \'all of it\'')
    } catch (error) {
      if (told || !called || !(error instanceof Failure)) throw error
      throw new Failure('stays-open', 'the client has sent its message and does not say that this is all: the server still waits for the end', {
        program,
      })
    }
    const sent = Buffer.concat(pieces).toString('hex')
    const wanted = Buffer.from(message).toString('hex')
    if (sent !== wanted) throw new Failure('other', `the client was given '${message}' to send, which is ${wanted}, and has sent ${sent}`, { program })
  },
}

export const clientPrintsEscaped: Behaviour = {
  id: 'client-prints-escaped',
  title: 'what came is printed escaped: no byte of it steers a terminal',
  alone: true,
  byHand: run => [`printf '\\033[2J\\007boo\\n' | nc -lN 127.0.0.1 ${PORT}`, run(CLIENT)],
  async story({ answer, start }) {
    await answer(conn => {
      conn.resume().end('\x1b[2J\x07boo\n')
    })
    await printsEscaped(start(CLIENT), '\x1b[2J\x07boo\n', 'boo', String.raw`Received: '\x1B[2J\x07boo\n'`)
  },
}

export const clientSeesTheBreak: Behaviour = {
  id: 'client-sees-the-break',
  title: 'an answer that breaks off is an error: one line, exit code 1',
  // What breaks under TLS breaks in other ways.
  to: 17,
  alone: true,
  byHand: run => [BREAKS_OFF, `${run(CLIENT)}; echo $?`],
  async story({ answer, start }) {
    await answer(conn => {
      conn.once('data', () => {
        // Given to the kernel first: a reset forgets what waits.
        conn.write('Hel', () => setTimeout(() => conn.resetAndDestroy(), 50))
      })
    })
    const program = start(CLIENT)
    await program.ended()
    expectOneLine(program, /./, 'that says what has happened')
    expectExitCode(program, 1)
  },
}

export const clientRefused: Behaviour = {
  id: 'client-refused',
  title: 'where nobody listens, the client says so in one line, with exit code 1',
  alone: true,
  byHand: run => [`${run(CLIENT)}; echo $?`],
  async story({ start }) {
    await expectGivesUp(start(CLIENT), /12345/, 'that names the port')
  },
}

export const clientSilence: Behaviour = {
  id: 'client-silence',
  title: 'the client gives up on a silent server in time, in one line, with exit code 1',
  alone: true,
  byHand: run => [SILENT, `${run(CLIENT)}; echo $?`],
  async story({ answer, start }) {
    await answer(conn => conn.resume())
    await expectGivesUp(start(CLIENT, [], { clock: CLOCK }), /./, 'that says why', CLOCK)
  },
}

export const clientNoConnection: Behaviour = {
  id: 'client-no-connection',
  title: 'the client gives up in time on a connection that is never made',
  platforms: ['linux'],
  alone: true,
  plain: true,
  byHand: run => [FULL, `for i in 1 2 3 4; do nc 127.0.0.1 ${PORT} </dev/null & done; sleep 1\n${run(CLIENT)}; echo $?`],
  async story({ serve, call, start }) {
    const server = await serve()
    server.signal('SIGSTOP')
    await fillQueue(call)
    await expectGivesUp(start(CLIENT, [], { clock: CLOCK }), /./, 'that says why', CLOCK)
  },
}

/** What begins to hold in this lesson, in the order in which it is told. */
export const behaviours = [
  clientTalks, clientReadsToTheEnd, clientEndsItsSide, clientPrintsEscaped, clientSeesTheBreak,
  clientRefused, clientSilence, clientNoConnection,
]
