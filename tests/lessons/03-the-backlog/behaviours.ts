import type { Behaviour } from '#workbook/check/behaviour.ts'
import { Failure } from '#workbook/check/explain/failure.ts'
import { PORT } from '#workbook/check/setting.ts'
import { getsIn, queueServed } from '../shared/queue.ts'

export const backlog: Behaviour = {
  id: 'backlog',
  title: 'while it is stopped, the kernel lets backlog + 1 clients in, and not one more',
  // Lesson 8 takes callers as fast as they come, and leaves the number to Node.
  to: 7,
  platforms: ['linux'],
  alone: true,
  byHand: run => [
    run(),
    `kill -STOP $(lsof -t -iTCP:${PORT} -sTCP:LISTEN)\nfor i in 1 2 3 4 5 6 7; do nc -v 127.0.0.1 ${PORT} </dev/null & done\n`
    + `# when you have counted who got in:\nkill -CONT $(lsof -t -iTCP:${PORT} -sTCP:LISTEN)`,
  ],
  async story({ serve, connect }) {
    const program = await serve()
    program.signal('SIGSTOP')
    for (let count = 0; count < 6; count++) {
      await connect(1000).catch(() => {
        throw new Failure('other', `only ${count} clients got in, and with a backlog of 5 the kernel lets in 6`, { program, certain: false })
      })
    }
    if (await getsIn(connect)) {
      throw new Failure('other', 'a seventh client got in, and with a backlog of 5 the kernel lets in 6', { program })
    }
    program.signal('SIGCONT')
    await queueServed()
    await connect()
  },
}

/** What begins to hold in this lesson, in the order in which it is told. */
export const behaviours = [backlog]
