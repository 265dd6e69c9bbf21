import type { Behaviour } from '#workbook/check/behaviour.ts'
import { change } from '#workbook/check/change.ts'
import { madeBy } from '#workbook/check/client/random.ts'
import type { Exercise } from '#workbook/check/lesson.ts'
import { asks, EXCUSE, expectExcuse, expectStamp, STAMP_PORT } from './behaviours.ts'

export const tooLong: Behaviour = {
  id: 'exercise-too-long',
  title: 'more than 100 bytes are refused in one line, and 100 are stamped',
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

/** What of the exercises can be checked; the others ask the reader to look at something, or to think. */
export const exercises: readonly Exercise[] = [
  {
    id: 'too-long', behaviours: [tooLong],
    solution: [
      change('server.ts', 'const chunks: Buffer[] = []', 'const chunks: Buffer[] = []\n      let length = 0'),
      change('server.ts', 'chunks.push(data)\n', 'length += data.length\n        if (length <= 100) chunks.push(data)\n'),
      change('server.ts', 'const message = ', `if (length > 100) {
        conn.end('No stamp: 100 bytes at most\\n')
        return await finished(conn)
      }
      const message = `),
    ],
  },
]
