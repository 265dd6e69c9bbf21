import { change } from '#workbook/check/change.ts'
import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { endWhileWaiting } from './behaviours.ts'

/** What only the echo gets wrong: what any server may is in shared/mistakes. */
export const mistakes: readonly Mistake[] = [
  {
    id: 'ended-by-node',
    of: [endWhileWaiting],
    find: ({ mute }) => mute
      ? 'your server still waits for the drain of a client that has left: without allowHalfOpen Node ends your side '
      + 'as soon as the client has ended its own, and a side that is ended never says drain'
      : undefined,
    wrong: [{ breaks: endWhileWaiting, program: [change('server.ts', '{ allowHalfOpen: true }', '')] }],
  },
]
