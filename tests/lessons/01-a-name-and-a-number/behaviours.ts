import type { Behaviour } from '#workbook/check/behaviour.ts'
import { expectExitCode } from '#workbook/check/client/expect.ts'

export const saysThatItStarts: Behaviour = {
  id: 'says-that-it-starts',
  title: 'it says "Starting server on port 12345"',
  byHand: run => [run()],
  async story({ serve, start, lesson }) {
    // A server that other stories have used has said it long ago.
    const program = lesson === 1 ? start() : await serve()
    if (!program.output.first.includes(STARTING)) await program.says(STARTING)
  },
}

export const saysThatNobodyListens: Behaviour = {
  id: 'says-that-nobody-listens',
  title: 'startServer is called: it says "Nobody listens on 127.0.0.1 yet"',
  to: 1,
  byHand: run => [run()],
  async story({ start }) {
    await start().says('Nobody listens on 127.0.0.1 yet')
  },
}

export const endsByItself: Behaviour = {
  id: 'ends-by-itself',
  title: 'it ends by itself, with exit code 0',
  to: 1,
  byHand: run => [`${run()}; echo $?`],
  async story({ start }) {
    const program = start('server.ts', [], { terminal: 'where there is one' })
    await program.ended()
    expectExitCode(program, 0)
  },
}

/** What begins to hold in this lesson, in the order in which it is told. */
export const behaviours = [saysThatItStarts, saysThatNobodyListens, endsByItself]

const STARTING = 'Starting server on port 12345'
