import { inspect } from 'node:util'
import type { Behaviour } from '#workbook/check/behaviour.ts'
import { Failure } from '#workbook/check/explain/failure.ts'
import { PORT } from '#workbook/check/setting.ts'
import { printsEscaped } from '../shared/escaped.ts'
import { announced } from '../shared/announced.ts'

export const printsWhatCame: Behaviour = {
  id: 'prints-what-came',
  title: 'it prints what a client sends: Received: \'Hello\\n\'',
  async story(world) {
    const program = await world.serve()
    const peer = await announced(world, program)
    await peer.send('Hello\n')
    await program.says('Received: \'Hello\\n\'')
  },
}

export const twoPieces: Behaviour = {
  id: 'two-pieces',
  title: 'it goes on listening to a client, piece after piece',
  async story(world) {
    const program = await world.serve()
    const peer = await announced(world, program)
    for (const piece of ['Hel', 'lo\n', 'How are you?\n']) {
      await peer.send(piece)
      peer.steps.push({ waitedFor: 0 })
      await program.says(`Received: ${inspect(piece)}`)
    }
  },
}

export const printsEscapedBytes: Behaviour = {
  id: 'prints-escaped',
  title: 'bytes that could steer a terminal are printed escaped',
  async story(world) {
    const program = await world.serve()
    const peer = await announced(world, program)
    const sent = '\x1b[2J\x07\x9b31mboo\r\n'
    await peer.send(Buffer.from(sent, 'latin1'))
    await printsEscaped(program, sent, 'boo', String.raw`Received: '\x1B[2J\x07\x9B31mboo\r\n'`)
  },
}

export const nextPlease: Behaviour = {
  id: 'next-please',
  title: 'when a client has ended, the next one is served',
  async story(world) {
    const program = await world.serve()
    for (const name of ['first', 'second', 'third']) {
      const peer = await announced(world, program)
      await peer.send(`${name}\n`)
      await program.says(`Received: '${name}\\n'`)
      peer.end()
    }
  },
}

export const oneAtATime: Behaviour = {
  id: 'one-at-a-time',
  title: 'while a client is there, the next one waits for its turn',
  // The lesson after the next has many at once as its own matter, and until then both will do.
  to: 5,
  byHand: run => [run(), `nc 127.0.0.1 ${PORT}`, `nc 127.0.0.1 ${PORT}`],
  async story(world) {
    const program = await world.serve()
    const first = await announced(world, program)
    const second = await world.connect()
    // The order is the witness: what the first says now comes after the second has called.
    for (const line of ['I am here\n', 'And still here\n']) {
      await first.send(line)
      await program.says(`Received: ${inspect(line)}`)
    }
    if (program.output.seen.some(line => line.endsWith(`:${second.port}`))) {
      throw new Failure('other', 'your server greeted a second client while the first was still there', { program, peer: second })
    }
    first.end()
    await program.says(`Received new connection from 127.0.0.1:${second.port}`)
  },
}

/** What begins to hold in this lesson, in the order in which it is told. */
export const behaviours = [printsWhatCame, twoPieces, printsEscapedBytes, nextPlease, oneAtATime]
