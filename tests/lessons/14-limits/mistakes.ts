import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { sourceOf } from '#workbook/check/explain/situation.ts'

const known: readonly Mistake[] = [
  {
    id: 'only-notices-silence',
    find(situation) {
      const { kind, behaviour } = situation
      if (kind !== 'stays-open' || !SILENCE.has(behaviour.id)) return undefined
      return sourceOf(situation).includes('.setTimeout(')
        ? 'a socket\'s setTimeout tells your program that nothing has moved, and closes nothing: that is left to you'
        : 'nothing in your program ends a connection on which nothing moves, and the kernel keeps it for ever'
    },
  },
  {
    id: 'cuts-talkers',
    find: ({ kind, behaviour, peer, peers }) => (kind === 'closed' || kind === 'broke') && behaviour.id === 'silent-let-go' && peer === peers[0]
      ? 'this client was talking: its time has to begin anew with every byte, as that of a socket\'s own setTimeout does, which counts milliseconds'
      : undefined,
  },
  {
    id: 'destroys-without-an-error',
    find: ({ kind, behaviour }) => kind === 'other' && behaviour.id === 'greedy-let-go'
      ? 'the handler still waits for a drain that cannot come: only an error wakes it, so give one to destroy'
      : undefined,
  },
  {
    id: 'turns-away-in-silence',
    find: ({ kind, behaviour }) => kind === 'closed' && behaviour.id === 'told-that-it-is-full'
      ? 'this is what maxConnections does, Node\'s own limit: it closes, and your program never gets the connection to say a word on it'
      : undefined,
  },
  {
    id: 'keeps-the-place',
    find: ({ kind, behaviour }) => kind === 'other' && behaviour.id === 'next-gets-in'
      ? 'whoever leaves has to be counted out, however the conversation ended: that is what finally is for'
      : undefined,
  },
  {
    id: 'keeps-them-at-the-door',
    find: ({ kind, behaviour }) => kind === 'descriptors' && behaviour.id === 'holds-nobody-at-the-door'
      ? 'end closes our side only, and whoever was turned away may never close the other: after a moment, destroy'
      : undefined,
  },
]

const SILENCE = new Set(['silent-let-go', 'fifteen-seconds', 'greedy-let-go'])

/** Servers whose limits are not what they seem, from lesson 14 on. A program that has ended has another mistake. */
export const mistakes: readonly Mistake[] = known.map(({ id, find }) => ({
  id, find: situation => situation.program?.running ? find(situation) : undefined,
}))
