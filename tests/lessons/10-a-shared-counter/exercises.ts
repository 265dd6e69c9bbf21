import type { Behaviour } from '#workbook/check/behaviour.ts'
import { change } from '#workbook/check/change.ts'
import type { Exercise } from '#workbook/check/lesson.ts'

export const whoTalksMost: Behaviour = {
  id: 'exercise-who-talks-most',
  title: 'it counts for each: Messages so far: 57, 3 from 127.0.0.1:49743',
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

/** What of the exercises can be checked; the others ask the reader to look at something, or to think. */
export const exercises: readonly Exercise[] = [
  {
    id: 'who-talks-most', behaviours: [whoTalksMost],
    solution: [
      change('server.ts', '    try {', '    let own = 0\n    try {'),
      change('server.ts', 'if (lines > 0) console.log(`Messages so far: ${await count(lines)}`)',
        'own += lines\n        if (lines > 0) console.log(`Messages so far: ${await count(lines)}, ${own} from ${peer}`)'),
    ],
  },
]
