import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { listenersOf } from '#workbook/machine/sockets.ts'
import { PORT } from '#workbook/check/setting.ts'

/** Programs that take their options otherwise, from lesson 12 on. Before a crash is a crash: these have a cause. */
export const mistakes: readonly Mistake[] = [
  {
    id: 'options-not-caught',
    find({ kind, program }) {
      if (kind !== 'ended-otherwise' || !/^ {4}at /m.test(program?.errors ?? '')) return undefined
      const [, code] = /\b(ERR_PARSE_ARGS_\w+|ERR_SOCKET_BAD_PORT)\b/.exec(program?.errors ?? '') ?? []
      if (code === undefined) return undefined
      return code === 'ERR_SOCKET_BAD_PORT'
        ? 'a port that is none was handed to listen, which threw ERR_SOCKET_BAD_PORT: check the number before it gets there'
        : `parseArgs threw ${code}, and nothing caught it: it has to stand inside a try`
    },
  },
  {
    id: 'guesses-numbers',
    find({ kind, behaviour, program }) {
      if (kind !== 'runs-on' || behaviour.id !== 'no-number') return undefined
      const doors = program?.running ? listenersOf(program.pid) : []
      const where = doors[0] ? ` (yours listens on port ${doors[0].port} now)` : ''
      return `your program took for a number what is none${where}: Number('') is 0, Number('0x50') is 80, and parseInt reads as far as it can. `
        + 'Turned back into text, a number that was one is the same text'
    },
  },
  {
    id: 'empty-host',
    find({ kind, behaviour, program }) {
      if (kind !== 'runs-on' || behaviour.id !== 'not-understood' || !program?.running) return undefined
      return listenersOf(program.pid).some(({ host }) => host === '::' || host === '0.0.0.0')
        ? 'listen takes an empty host for no host at all, and your server now listens on every address of this machine'
        : undefined
    },
  },
  {
    id: 'ignores-options',
    find({ kind, behaviour, program }) {
      if (kind !== 'not-listening' || !ELSEWHERE.has(behaviour.id) || !program?.running) return undefined
      return listenersOf(program.pid).some(({ host, port }) => host === '127.0.0.1' && port === PORT)
        ? `your server listens on 127.0.0.1 port ${PORT}, whatever it was told: what it read has to reach sock.listen`
        : undefined
    },
  },
  {
    id: 'empty-environment',
    find: ({ kind, behaviour, peers }) => (kind === 'ended' || kind === 'not-listening') && behaviour.id === 'environment' && peers.length > 0
      ? 'HOST and PORT are there and hold nothing, and your program takes that for a value: ?? puts its right side in the place of '
      + 'undefined only, and || in that of an empty text too'
      : undefined,
    byHand: ({ program }) => [`HOST= PORT= ${program?.typed}; echo $?`],
  },
  {
    id: 'environment-first',
    find: ({ kind, behaviour }) => (kind === 'ended' || kind === 'not-listening') && behaviour.id === 'option-beats-environment'
      ? 'your server listens to the environment although an option says otherwise: what was typed for this one start comes first'
      : undefined,
  },
  {
    id: 'one-exit-code',
    find({ kind, program, behaviour, reason }) {
      if (kind !== 'ended-otherwise' || !CODES.has(behaviour.id) || !reason.includes('the exit code is')) return undefined
      if (program?.errors.trim().split('\n').length !== 1) return undefined
      if (program.exitCode === 1) return 'exit code 1 says that it could not be done; 2 says that the program did not understand what it should do'
      if (program.exitCode === 2) return 'exit code 2 says that the program was used wrongly; here it has understood, and cannot do it, which is 1'
      return program.exitCode === 0 ? 'exit code 0 says that all went well: whoever started the program, a script perhaps, goes on as if it had' : undefined
    },
  },
]

const ELSEWHERE = new Set(['obeys-port', 'obeys-host', 'environment', 'client-obeys'])
const CODES = new Set(['no-number', 'not-understood', 'not-this-machine', 'no-such-name', 'no-permission'])
