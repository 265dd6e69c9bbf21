import type { Behaviour } from '#workbook/check/behaviour.ts'
import { change } from '#workbook/check/change.ts'
import { EVERY_BYTE } from '#workbook/check/client/random.ts'
import { Failure } from '#workbook/check/explain/failure.ts'
import type { Exercise } from '#workbook/check/lesson.ts'

export const shout: Behaviour = {
  id: 'exercise-shout',
  title: 'lower-case letters come back as capitals, and every other byte as it was',
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

/** What of the exercises can be checked; the others ask the reader to look at something, or to think. */
export const exercises: readonly Exercise[] = [
  {
    id: 'shout', behaviours: [shout],
    solution: [change('server.ts', 'if (!conn.write(data))', `const shouted = Buffer.from(data.map((byte: number) =>
        byte >= 0x61 && byte <= 0x7a ? byte - 32 : byte))
      if (!conn.write(shouted))`)],
  },
]
