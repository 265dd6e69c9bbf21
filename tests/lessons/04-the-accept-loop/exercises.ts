import type { Behaviour } from '#workbook/check/behaviour.ts'
import { change } from '#workbook/check/change.ts'
import type { Exercise } from '#workbook/check/lesson.ts'

export const numberedGuests: Behaviour = {
  id: 'exercise-number-your-guests',
  title: 'it counts its guests: Guest 1:, Guest 2: and so on, before each greeting',
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

/** What of the exercises can be checked; the others ask the reader to look at something, or to think. */
export const exercises: readonly Exercise[] = [
  {
    id: 'number-your-guests', behaviours: [numberedGuests],
    solution: [
      change('server.ts', 'for await', 'let guests = 0\n  for await'),
      change('server.ts', 'console.log(`Received new connection from ', 'guests += 1\n    console.log(`Guest ${guests}: '),
    ],
  },
]
