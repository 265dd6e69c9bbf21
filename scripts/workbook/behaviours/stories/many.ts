import type { Behaviour } from '../behaviour.ts'

/** Part II: many connections. */
export const many: readonly Behaviour[] = [
  {
    id: 'two-at-once',
    title: 'a second client is served while the first is still there',
    from: 8,
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
  },
]
