import type { Behaviour } from '#workbook/check/behaviour.ts'
import { PORT } from '#workbook/check/setting.ts'
import { announced } from '../shared/announced.ts'

export const announces: Behaviour = {
  id: 'announces',
  title: 'it prints the address and port of each client',
  async story(world) {
    const program = await world.serve()
    for (let count = 0; count < 3; count++) await (await announced(world, program)).leave(0)
  },
}

export const leavesAtOnce: Behaviour = {
  id: 'leaves-at-once',
  title: 'a client that connects and leaves at once does no harm',
  byHand: run => [run(), `for i in 1 2 3 4 5; do nc -z 127.0.0.1 ${PORT}; done; nc 127.0.0.1 ${PORT}`],
  async story(world) {
    const program = await world.serve()
    for (let count = 0; count < 5; count++) (await world.connect()).destroy()
    await announced(world, program)
  },
}

/** What begins to hold in this lesson, in the order in which it is told. */
export const behaviours = [announces, leavesAtOnce]
