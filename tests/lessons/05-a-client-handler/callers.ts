import { inspect } from 'node:util'
import type { Behaviour, World } from '../../../scripts/workbook/check/behaviour.ts'
import { Failure } from '../../../scripts/workbook/check/explain/failure.ts'
import type { Peer } from '../../../scripts/workbook/check/client/peer.ts'
import type { Program } from '../../../scripts/workbook/check/program/program.ts'
import { PORT } from '../../../scripts/workbook/check/setting.ts'
import { printsEscaped } from '../shared/escaped.ts'
import { getsIn, queueServed } from '../shared/queue.ts'

/** Connects a client and waits until the program has named it by its port. */
async function announced(world: World, program: Program): Promise<Peer> {
  const peer = await world.connect()
  await program.says(`Received new connection from 127.0.0.1:${peer.port}`)
  return peer
}

/** Lessons 3 to 5: the kernel lets callers in, the program greets them and hears what they say. */
export const callers: readonly Behaviour[] = [
  {
    id: 'backlog',
    title: 'while it is stopped, the kernel lets backlog + 1 clients in, and not one more',
    from: 3,
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
          throw new Failure('other', `only ${count} clients got in, and with a backlog of 5 the kernel lets in 6`, { program })
        })
      }
      if (await getsIn(connect)) {
        throw new Failure('other', 'a seventh client got in, and with a backlog of 5 the kernel lets in 6', { program })
      }
      program.signal('SIGCONT')
      await queueServed()
      await connect()
    },
  },
  {
    id: 'announces',
    title: 'it prints the address and port of each client',
    from: 4,
    async story(world) {
      const program = await world.serve()
      for (let count = 0; count < 3; count++) await (await announced(world, program)).leave(0)
    },
  },
  {
    id: 'leaves-at-once',
    title: 'a client that connects and leaves at once does no harm',
    from: 4,
    byHand: run => [run(), `for i in 1 2 3 4 5; do nc -z 127.0.0.1 ${PORT}; done; nc 127.0.0.1 ${PORT}`],
    async story(world) {
      const program = await world.serve()
      for (let count = 0; count < 5; count++) (await world.connect()).destroy()
      await announced(world, program)
    },
  },
  {
    id: 'prints-what-came',
    title: 'it prints what a client sends: Received: \'Hello\\n\'',
    from: 5,
    async story(world) {
      const program = await world.serve()
      const peer = await announced(world, program)
      await peer.send('Hello\n')
      await program.says('Received: \'Hello\\n\'')
    },
  },
  {
    id: 'two-pieces',
    title: 'it goes on listening to a client, piece after piece',
    from: 5,
    async story(world) {
      const program = await world.serve()
      const peer = await announced(world, program)
      for (const piece of ['Hel', 'lo\n', 'How are you?\n']) {
        await peer.send(piece)
        peer.steps.push({ waitedFor: 0 })
        await program.says(`Received: ${inspect(piece)}`)
      }
    },
  },
  {
    id: 'prints-escaped',
    title: 'bytes that could steer a terminal are printed escaped',
    from: 5,
    async story(world) {
      const program = await world.serve()
      const peer = await announced(world, program)
      const sent = '\x1b[2J\x07\x9b31mboo\r\n'
      await peer.send(Buffer.from(sent, 'latin1'))
      await printsEscaped(program, sent, 'boo', String.raw`Received: '\x1B[2J\x07\x9B31mboo\r\n'`)
    },
  },
  {
    id: 'next-please',
    title: 'when a client has ended, the next one is served',
    from: 5,
    async story(world) {
      const program = await world.serve()
      for (const name of ['first', 'second', 'third']) {
        const peer = await announced(world, program)
        await peer.send(`${name}\n`)
        await program.says(`Received: '${name}\\n'`)
        peer.end()
      }
    },
  },
]
