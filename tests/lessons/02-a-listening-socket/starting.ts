import type { Behaviour } from '../../../scripts/workbook/check/behaviour.ts'
import { expectExitCode, expectOneLine } from '../../../scripts/workbook/check/client/expect.ts'
import { Failure } from '../../../scripts/workbook/check/explain/failure.ts'
import { listenersOf, serverEnd } from '../../../scripts/workbook/machine/sockets.ts'
import { DEADLINES, LESSON_OF_GREETING, PORT } from '../../../scripts/workbook/check/setting.ts'
import { until } from '../../../scripts/workbook/machine/until.ts'

/** Lessons 1 and 2: a program starts, listens, and can be ended. */
export const starting: readonly Behaviour[] = [
  {
    id: 'says-that-it-starts',
    title: 'it says "Starting server on port 12345"',
    from: 1,
    byHand: run => [run()],
    async story({ serve, start, lesson }) {
      // A server that other stories have used has said it long ago.
      const program = lesson === 1 ? start() : await serve()
      if (!program.output.first.includes(STARTING)) await program.says(STARTING)
    },
  },
  {
    id: 'ends-by-itself',
    title: 'it ends by itself, with exit code 0',
    from: 1,
    to: 1,
    byHand: run => [`${run()}; echo $?`],
    async story({ start }) {
      const program = start()
      await program.ended()
      expectExitCode(program, 0)
    },
  },
  {
    id: 'listens',
    title: 'it listens on 127.0.0.1 port 12345 and takes a connection',
    from: 2,
    byHand: run => [run(), `nc -v 127.0.0.1 ${PORT}`],
    async story({ serve, connect, lesson }) {
      const program = await serve()
      // One that takes its first client may have no ear for the next, or end over it.
      for (let count = 0; count < 2; count++) {
        const peer = await connect()
        // The kernel takes connections for a program that is about to end, or has no time for them.
        const inLine = () => program.running && serverEnd(PORT, peer.port)?.inode === 0
        if (!await until(() => !inLine(), DEADLINES.silence * peer.patience)) {
          throw new Failure('silence', 'the kernel has taken a call for your program, and the program does not come to it', { program, peer })
        }
        const isQuiet = lesson < LESSON_OF_GREETING || !serverEnd(PORT, peer.port)?.inode
        if (isQuiet) await until(() => !program.running, SOON * peer.patience)
        if (!program.running) throw new Failure('ended', 'your program ended when a client came', { program })
      }
      const elsewhere = listenersOf(program.pid).find(door => door.port === PORT && door.host !== '127.0.0.1')
      if (elsewhere) {
        throw new Failure('not-listening', `your program listens on ${elsewhere.host}, and should on 127.0.0.1 only`, { program })
      }
    },
  },
  {
    id: 'second-copy',
    title: 'a second copy says that the port is taken, in one line, with exit code 1',
    from: 2,
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
  },
  {
    id: 'ctrl-c',
    title: 'Ctrl-C ends it at once, and so does kill; the port is free for the next start',
    from: 2,
    // Lesson 15 lets clients finish first, and has a story of its own for a server without any.
    to: 14,
    alone: true,
    byHand: run => [`${run()}    # then press Ctrl-C`, `nc 127.0.0.1 ${PORT}`],
    async story({ serve, connect }) {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) {
        const program = await serve()
        await connect()
        if (!program.running) throw new Failure('ended', 'your program ended when a client came', { program })
        program.signal(signal)
        await program.ended(DEADLINES.stop).catch(() => {
          const told = signal === 'SIGINT' ? 'Ctrl-C' : 'kill'
          throw new Failure('runs-on', `your program runs on after ${told} (${signal})`, {
            program, signal, ...(signal === 'SIGTERM' && { byHand: [program.typed, KILL] }),
          })
        })
      }
    },
  },
]

const KILL = `kill $(lsof -t -iTCP:${PORT} -sTCP:LISTEN)`
// In milliseconds.
const SOON = 100
const STARTING = 'Starting server on port 12345'
