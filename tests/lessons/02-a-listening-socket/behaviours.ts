import type { Behaviour } from '#workbook/check/behaviour.ts'
import { expectExitCode, expectOneLine } from '#workbook/check/client/expect.ts'
import { Failure } from '#workbook/check/explain/failure.ts'
import { listenersOf, serverEnd } from '#workbook/machine/sockets.ts'
import { DEADLINES, PORT } from '#workbook/check/setting.ts'
import { until } from '#workbook/machine/until.ts'

export const listens: Behaviour = {
  id: 'listens',
  title: 'it listens on 127.0.0.1 port 12345 and takes a connection',
  byHand: run => [run(), `nc -v 127.0.0.1 ${PORT}`],
  async story({ serve, connect, lesson }) {
    const program = await serve()
    // One that takes its first client may have no ear for the next, or end over it.
    for (let count = 0; count < 2; count++) {
      const peer = await connect()
      // The kernel takes connections for a program that is about to end, or has no time for them.
      const inLine = () => program.running && serverEnd(PORT, peer.port)?.inode === 0
      if (!await until(() => !inLine(), DEADLINES.silence * peer.patience)) {
        throw new Failure('silence', 'the kernel has taken a call for your program, but the program never gets to it', { program, peer })
      }
      const isQuiet = lesson < GREETS || !serverEnd(PORT, peer.port)?.inode
      if (isQuiet) await until(() => !program.running, SOON * peer.patience)
      if (!program.running) throw new Failure('ended', 'your program ended when a client came', { program })
    }
    const elsewhere = listenersOf(program.pid).find(door => door.port === PORT && door.host !== '127.0.0.1')
    if (elsewhere) {
      throw new Failure('not-listening', `your program listens on ${elsewhere.host}, and should listen on 127.0.0.1 only`, { program, certain: true })
    }
  },
}

export const secondCopy: Behaviour = {
  id: 'second-copy',
  title: 'a second copy says that the port is taken, in one line, with exit code 1',
  byHand: run => [run(), `${run()}; echo $?`],
  async story({ serve, start, connect }) {
    const first = await serve()
    const second = start()
    await second.ended(DEADLINES.start)
    expectOneLine(second, /12345/, 'that names the port')
    expectExitCode(second, 1)
    await connect()
    if (!first.running) throw new Failure('ended', 'the first copy ended as well', { program: first })
  },
}

export const ctrlC: Behaviour = {
  id: 'ctrl-c',
  title: 'Ctrl-C ends it at once, and so does kill; the port is free for the next start',
  // Lesson 15 lets clients finish first, and has a story of its own for a server without any.
  to: 14,
  alone: true,
  byHand: run => [`${run()}    # then press Ctrl-C`, `nc 127.0.0.1 ${PORT}`],
  async story({ serve, serves, connect }) {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const isTyped = signal === 'SIGINT'
      const program = await serve(isTyped ? { terminal: 'where there is one' } : {})
      // One that serves one client at a time would not come to the second.
      if (isTyped) await serves(program)
      else await connect()
      if (!program.running) throw new Failure('ended', 'your program ended when a client came', { program })
      if (isTyped) program.interrupt()
      else program.signal(signal)
      await program.ended(DEADLINES.stop).catch(() => {
        const told = signal === 'SIGINT' ? 'Ctrl-C' : 'kill'
        throw new Failure('runs-on', `your program runs on after ${told} (${signal})`, {
          program, signal, ...(signal === 'SIGTERM' && { byHand: [program.typed, KILL] }),
        })
      })
    }
  },
}

/** What begins to hold in this lesson, in the order in which it is told. */
export const behaviours = [listens, secondCopy, ctrlC]

/** From this lesson on the server greets every client. */
const GREETS = 4
const KILL = `kill $(lsof -t -iTCP:${PORT} -sTCP:LISTEN)`
// In milliseconds.
const SOON = 100
