import type { Behaviour } from '#workbook/check/behaviour.ts'

export const twoAtOnce: Behaviour = {
  id: 'two-at-once',
  title: 'a second client is served while the first is still there',
  async story({ serve, connect }) {
    await serve()
    const first = await connect()
    await first.send('I was here first\n')
    await first.receives('I was here first\n')
    const second = await connect()
    await second.send('Hello\n')
    await second.receives('Hello\n')
    // And the first has not been forgotten over it.
    await first.send('I am still here\n')
    await first.receives('I am still here\n')
  },
}

export const crowd: Behaviour = {
  id: 'crowd',
  title: 'a crowd that calls in the same moment is served, whoever speaks first',
  async story({ serve, connect, random }) {
    await serve()
    const crowd = await Promise.all(Array.from({ length: CROWD }, () => connect()))
    const order = crowd.map((peer, index) => ({ peer, index, rank: random.next() })).sort((a, b) => a.rank - b.rank)
    for (const { peer, index } of order) await peer.send(`I am ${index}\n`)
    for (const { peer, index } of order) await peer.receives(`I am ${index}\n`)
  },
}

/** What begins to hold in this lesson, in the order in which it is told. */
export const behaviours = [
  twoAtOnce, crowd,
]

// Systems cut the backlog to a limit of their own, which is 4096 on Linux and as low as 128 elsewhere.
const CROWD = process.platform === 'linux' ? 500 : 100
