import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { sourceOf } from '#workbook/check/explain/situation.ts'

const FINISH = new Set(['finishes', 'loses-no-byte', 'second-signal'])
const UNSETTLED = 13
/** How a program ends that has cut somebody off. */
const CUT_OFF = 1

/** Servers that end too soon, too late or never when they are told to, from lesson 15 on. */
export const mistakes: readonly Mistake[] = [
  {
    id: 'strikes-early',
    find({ kind, behaviour, program }) {
      if (!['ended', 'ended-otherwise', 'closed', 'broke'].includes(kind)) return undefined
      const cutOff = FINISH.has(behaviour.id) && program?.exitCode === CUT_OFF && program.errors === ''
      return cutOff || (behaviour.id === 'has-a-deadline' && kind === 'closed')
        ? 'your deadline strikes too soon: --grace is in seconds, and a timer takes milliseconds (one that is given no number fires at once)'
        : undefined
    },
  },
  {
    id: 'exits-in-the-handler',
    find(situation) {
      const { kind, behaviour, program } = situation
      if (!['ended', 'closed', 'broke'].includes(kind) || !FINISH.has(behaviour.id)) return undefined
      if (sourceOf(situation).includes('process.exit(')) return 'with process.exit every conversation ends in the middle: end nothing, and the program ends when nothing is left'
      return (program?.exitCode ?? 0) > 128 ? 'nothing in your program listens to the signal, and so the system ended it' : undefined
    },
  },
  {
    id: 'keeps-its-door-open',
    find: ({ kind, behaviour }) => kind === 'other' && FINISH.has(behaviour.id)
      ? 'your server has to be closed first: that takes nobody new, and leaves alone whoever is there'
      : undefined,
  },
  {
    id: 'loops-for-ever',
    find: ({ behaviour, program }) => program?.exitCode === UNSETTLED && (FINISH.has(behaviour.id) || behaviour.id === 'stops-alone')
      ? 'the accept loop still waits for a connection that cannot come, and Node ended it with exit code 13: tell on() which event is the end'
      : undefined,
  },
  {
    id: 'deaf-to-the-second',
    find: ({ kind, behaviour }) => kind === 'runs-on' && behaviour.id === 'second-signal'
      ? 'your handler is still there for the second signal: with the last handler gone, a signal does again what it always did'
      : undefined,
  },
  {
    id: 'timer-keeps-it',
    find: ({ kind, behaviour, program }) => kind === 'runs-on' && program?.running && (FINISH.has(behaviour.id) || behaviour.id === 'stops-alone')
      ? 'nobody is there any more, and something keeps the program alive: most likely the timer of the deadline, which unref would let go'
      : undefined,
  },
  {
    id: 'waits-without-end',
    find: ({ kind, behaviour }) => kind === 'stays-open' && behaviour.id === 'has-a-deadline'
      ? 'your program waits for as long as any client likes, and whoever stops it will lose patience first'
      : undefined,
  },
]
