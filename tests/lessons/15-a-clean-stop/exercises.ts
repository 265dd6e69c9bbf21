import type { Behaviour } from '#workbook/check/behaviour.ts'
import { Failure } from '#workbook/check/explain/failure.ts'
import { PORT } from '#workbook/check/setting.ts'
import { change } from '#workbook/check/change.ts'
import type { Exercise } from '#workbook/check/lesson.ts'

// The stories of lesson 15's exercises.

const KILL = `kill $(lsof -t -iTCP:${PORT} -sTCP:LISTEN)`
const LONG = ['--grace', '60']

export const tellThem: Behaviour = {
  id: 'exercise-tell-them',
  title: 'told to stop, it tells each client so in one line, and they go on',
  alone: true,
  byHand: run => [run('server.ts', LONG), `nc -N 127.0.0.1 ${PORT}`, KILL],
  async story({ start, connect }) {
    const program = start('server.ts', LONG)
    await program.listening(PORT)
    const peers = [await connect(), await connect()]
    for (const peer of peers) {
      await peer.send('Hello\n')
      await peer.receives('Hello\n')
    }
    program.signal('SIGTERM')
    for (const peer of peers) {
      const deadline = Date.now() + 2000
      while (!peer.pending.includes('\n') && peer.open && Date.now() < deadline) await peer.anything(100)
      const said = peer.pending.toString()
      if (!/^[^\n]*\p{L}{2}[^\n]*\n$/u.test(said)) {
        throw new Failure('other', `each client should get one line, and this one got ${said === '' ? 'nothing' : JSON.stringify(said)}`, {
          program, peer, certain: said !== '',
        })
      }
      await peer.receives(said)
      await peer.send('Goodbye\n')
      await peer.receives('Goodbye\n')
    }
  },
}

export const lessPatience: Behaviour = {
  id: 'exercise-less-patience-at-the-end',
  title: 'told to stop, it lets go of whoever is idle for a second, not of who talks',
  alone: true,
  byHand: run => [run('server.ts', LONG), `nc -d 127.0.0.1 ${PORT}`, KILL],
  async story({ start, connect }) {
    const program = start('server.ts', LONG)
    await program.listening(PORT)
    const talker = await connect()
    const silent = await connect()
    const talk = async () => {
      await talker.send('Hello\n')
      await talker.receives('Hello\n')
      await new Promise(resolve => setTimeout(resolve, 200))
    }
    await talk()
    program.signal('SIGTERM')
    const since = Date.now()
    while (silent.open && Date.now() - since < 3500) await talk()
    if (silent.open) throw new Failure('stays-open', 'a silent client is still connected 3.5 s after your program was told to stop', { program, peer: silent })
    for (let more = 0; more < 8; more++) await talk()
  },
}

/** What of the exercises can be checked; the others ask the reader to look at something, or to think. */
export const exercises: readonly Exercise[] = [
  {
    id: 'tell-them',
    behaviours: [tellThem],
    solution: [
      change('server.ts', 'sock.close()', 'sock.close()\n    for (const conn of clients) if (conn.writable) conn.write(`Stopping in ${grace} s\\n`)'),
    ],
  },
  {
    id: 'less-patience-at-the-end',
    behaviours: [lessPatience],
    solution: [
      change('server.ts', 'sock.close()', 'sock.close()\n    for (const conn of clients) conn.setTimeout(1000)'),
    ],
  },
]
