import { change } from '#workbook/check/change.ts'
import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { sourceOf } from '#workbook/check/explain/situation.ts'
import { finishes, hasADeadline, losesNoByte, secondSignal, stopsAlone } from './behaviours.ts'

const FINISH = [finishes, losesNoByte, secondSignal]
const UNSETTLED = 13
/** How a program ends that has cut somebody off. */
const CUT_OFF = 1

/** Servers that end too soon, too late or never when they are told to, from lesson 15 on. */
export const mistakes: readonly Mistake[] = [
  {
    id: 'strikes-early',
    of: [...FINISH, hasADeadline],
    find({ kind, behaviour, program }) {
      if (!['ended', 'ended-otherwise', 'closed', 'broke'].includes(kind)) return undefined
      const tooSoon = behaviour === hasADeadline ? kind === 'closed' : program?.exitCode === CUT_OFF && program.errors === ''
      return tooSoon
        ? 'your deadline strikes too soon: --grace is in seconds, and a timer takes milliseconds (one that is given no number fires at once)'
        : undefined
    },
    wrong: [{
      breaks: finishes,
      program: [change('server.ts', 'grace * 1000', 'grace / 1000')],
    }],
  },
  {
    id: 'exits-in-the-handler',
    of: FINISH,
    find(situation) {
      const { kind, program } = situation
      if (!['ended', 'closed', 'broke'].includes(kind)) return undefined
      if (sourceOf(situation).includes('process.exit(')) return 'with process.exit every conversation ends in the middle: don\'t end the program, it ends by itself when nothing is left'
      return (program?.exitCode ?? 0) > 128 ? 'nothing in your program listens to the signal, so the system ended it' : undefined
    },
    wrong: [{
      breaks: finishes,
      says: 'with process.exit',
      program: [change('server.ts', 'may finish`)', 'may finish`)\n    process.exit()')],
    }, {
      name: 'no-handler',
      breaks: finishes,
      says: 'nothing in your program listens',
      program: [change('server.ts', '  for (const name of SIGNALS) process.on(name, stop)\n', '')],
    }],
  },
  {
    id: 'keeps-its-door-open',
    of: FINISH,
    find: ({ kind }) => kind === 'other'
      ? 'your server has to be closed first: then no new client gets in, and the ones that are there are left alone'
      : undefined,
    wrong: [{
      breaks: finishes,
      program: [change('server.ts', '    sock.close()\n', '')],
    }],
  },
  {
    id: 'loops-for-ever',
    of: [...FINISH, stopsAlone],
    find: ({ program }) => program?.exitCode === UNSETTLED
      ? 'the accept loop still waits for a connection that cannot come, and Node ended it with exit code 13: tell on() which event is the end'
      : undefined,
    wrong: [{
      breaks: finishes,
      program: [change('server.ts', ', { close: [\'close\'] }', '')],
    }],
  },
  {
    id: 'deaf-to-the-second',
    of: [secondSignal],
    find: ({ kind }) => kind === 'runs-on'
      ? 'your handler is still there for the second signal: with the last handler gone, a signal does again what it always did'
      : undefined,
    wrong: [{
      breaks: secondSignal,
      program: [change('server.ts', '    for (const name of SIGNALS) process.off(name, stop)\n', '')],
    }],
  },
  {
    id: 'timer-keeps-it',
    of: [...FINISH, stopsAlone],
    find: ({ kind, program }) => kind === 'runs-on' && program?.running
      ? 'nobody is there any more, but something keeps the program alive: most likely the deadline\'s timer, which needs unref'
      : undefined,
    wrong: [{
      breaks: finishes,
      program: [change('server.ts', '.unref()', '')],
    }],
  },
  {
    id: 'waits-without-end',
    of: [hasADeadline],
    find: ({ kind }) => kind === 'stays-open'
      ? 'your program waits for as long as any client likes, and the person who stops it will lose patience first'
      : undefined,
    wrong: [{
      breaks: hasADeadline,
      program: [
        change('server.ts', 'const { timeout, maxConnections, grace } = options', 'const { timeout, maxConnections } = options'),
        change('server.ts', `    setTimeout(() => {
      for (const conn of clients) {
        cutOff(conn, 'STOPPED')
        process.exitCode = 1
      }
    }, grace * 1000).unref()
`, ''),
      ],
    }],
  },
]
