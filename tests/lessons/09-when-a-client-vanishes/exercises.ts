import type { Behaviour } from '#workbook/check/behaviour.ts'
import { change } from '#workbook/check/change.ts'
import type { Exercise } from '#workbook/check/lesson.ts'
import { PORT } from '#workbook/check/setting.ts'

export const howMuchWasHeard: Behaviour = {
  id: 'exercise-how-much-was-heard',
  title: 'a loss says how much came: Lost 127.0.0.1:49743 after 5 bytes: ECONNRESET',
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

/** What of the exercises can be checked; the others ask the reader to look at something, or to think. */
export const exercises: readonly Exercise[] = [
  {
    id: 'how-much-was-heard', behaviours: [howMuchWasHeard],
    solution: [
      change('server.ts', '    try {', '    let heard = 0\n    try {'),
      change('server.ts', 'console.log(`Received: ${', 'heard += data.length\n        console.log(`Received: ${'),
      change('server.ts', 'Lost ${peer}:', 'Lost ${peer} after ${heard} bytes:'),
    ],
  },
  {
    id: 'who-is-still-here', behaviours: [whoIsStillHere],
    solution: [
      change('server.ts', 'async function handleClient', 'let connected = 0\n  async function handleClient'),
      change('server.ts', '    try {', '    connected += 1\n    console.log(`${connected} connected`)\n    try {'),
      change('server.ts', `      console.log(\`Lost \${peer}: \${code}\`)
    }`, `      console.log(\`Lost \${peer}: \${code}\`)
    } finally {
      connected -= 1
      console.log(\`\${connected} connected\`)
    }`),
    ],
  },
]
