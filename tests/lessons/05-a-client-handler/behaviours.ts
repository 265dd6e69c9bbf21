import { inspect } from 'node:util'
import type { Behaviour } from '#workbook/check/behaviour.ts'
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

/** What begins to hold in this lesson, in the order in which it is told. */
export const behaviours = [printsWhatCame, twoPieces, printsEscapedBytes, nextPlease]
