import type { Behaviour } from '#workbook/check/behaviour.ts'
import { change } from '#workbook/check/change.ts'
import { madeBy } from '#workbook/check/client/random.ts'
import type { Exercise } from '#workbook/check/lesson.ts'

export const countedBytes: Behaviour = {
  id: 'exercise-count-the-bytes',
  title: 'when a client has ended, it prints how many bytes came from it',
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

/** What of the exercises can be checked; the others ask the reader to look at something, or to think. */
export const exercises: readonly Exercise[] = [
  {
    id: 'count-the-bytes', behaviours: [countedBytes],
    solution: [change('server.ts', `for await (const data of conn) {
      console.log(\`Received: \${printable(data)}\`)
    }`, `let bytes = 0
    let chunks = 0
    for await (const data of conn) {
      bytes += data.length
      chunks += 1
    }
    console.log(\`\${bytes} bytes in \${chunks} chunks\`)`)],
  },
]
