import { change } from '#workbook/check/change.ts'
import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { listenersOf } from '#workbook/machine/sockets.ts'
import { PORT } from '#workbook/check/setting.ts'
import {
  clientObeys, environment, noNumber, noPermission, noSuchName, notThisMachine, notUnderstood, obeysBacklog, obeysHost,
  obeysPort, optionBeatsEnvironment,
} from './behaviours.ts'

/** Programs that take their options otherwise, from lesson 12 on. Before a crash is a crash: these have a cause. */
export const mistakes: readonly Mistake[] = [
  {
    id: 'options-not-caught',
    find({ kind, program }) {
      if (kind !== 'ended-otherwise' || !/^ {4}at /m.test(program?.errors ?? '')) return undefined
      const [, code] = /\b(ERR_PARSE_ARGS_\w+|ERR_SOCKET_BAD_PORT)\b/.exec(program?.errors ?? '') ?? []
      if (code === undefined) return undefined
      return code === 'ERR_SOCKET_BAD_PORT'
        ? 'listen was given a port that can\'t be one, and threw ERR_SOCKET_BAD_PORT: check the number before it gets there'
        : `parseArgs threw ${code}, and nothing caught it: it has to stand inside a try`
    },
    wrong: [{
      breaks: noNumber,
      says: 'parseArgs threw ERR_PARSE_ARGS_VALUE',
      program: [change('options.ts', `    const { code, message } = error as NodeJS.ErrnoException
    if (!code?.startsWith('ERR_PARSE_ARGS')) throw error
    console.error(\`Not understood: \${message.split('\\n')[0]}\`)
    process.exitCode = 2
    return undefined
`, '    throw error\n')],
    }],
  },
  {
    id: 'guesses-numbers',
    of: [noNumber],
    find({ kind, program }) {
      if (kind !== 'runs-on') return undefined
      const doors = program?.running ? listenersOf(program.pid) : []
      const where = doors[0] ? ` (yours listens on port ${doors[0].port} now)` : ''
      return `your program took a text that isn't a number for one${where}: Number('') is 0, Number('0x50') is 80, and parseInt reads as far as it can. `
        + 'A text that was a number is the same text again when you turn the number back'
    },
    wrong: [{
      breaks: noNumber,
      program: [
        change('options.ts', ' && String(number) === text', ''),
        change('options.ts', 'number >= 1 ', 'number >= 0 '),
      ],
    }, {
      name: 'parse-int',
      breaks: noNumber,
      program: [
        change('options.ts', 'Number(text)', 'parseInt(text, 10)'),
        change('options.ts', ' && String(number) === text', ''),
      ],
    }],
  },
  {
    id: 'empty-host',
    of: [notUnderstood],
    find({ kind, program }) {
      if (kind !== 'runs-on' || !program?.running) return undefined
      return listenersOf(program.pid).some(({ host }) => host === '::' || host === '0.0.0.0')
        ? 'listen takes an empty host for no host at all, and your server now listens on every address of this machine'
        : undefined
    },
    wrong: [{
      breaks: notUnderstood,
      program: [change('options.ts', ' || refuse(\'the host is empty\')', '')],
    }],
  },
  {
    id: 'ignores-options',
    of: [obeysPort, obeysHost, environment, clientObeys],
    find({ kind, program }) {
      if (kind !== 'not-listening' || !program?.running) return undefined
      return listenersOf(program.pid).some(({ host, port }) => host === '127.0.0.1' && port === PORT)
        ? `your server listens on 127.0.0.1 port ${PORT}, whatever it was told: what it read has to reach sock.listen`
        : undefined
    },
    wrong: [{
      breaks: obeysPort,
      program: [
        change('server.ts', 'const { host, port, backlog } = options', 'const { backlog } = options'),
        change('server.ts', 'sock.listen({ host, port, backlog })', 'sock.listen({ host: \'127.0.0.1\', port: 12345, backlog })'),
      ],
    }],
  },
  {
    id: 'keeps-the-backlog',
    of: [obeysBacklog],
    find: ({ kind, reason }) => kind === 'other' && reason.startsWith('a fifth')
      ? 'your program reads --backlog, and the kernel never hears of it: it has to reach sock.listen, or Node asks for 511'
      : undefined,
    wrong: [{
      breaks: obeysBacklog,
      program: [
        change('server.ts', 'const { host, port, backlog } = options', 'const { host, port } = options'),
        change('server.ts', 'sock.listen({ host, port, backlog })', 'sock.listen({ host, port })'),
      ],
    }, {
      name: 'in-an-address',
      lesson: 15,
      breaks: obeysBacklog,
      program: [
        change('server.ts', 'const { address, backlog } = options', 'const { address } = options'),
        change('server.ts', 'sock.listen({ ...address, backlog })', 'sock.listen(address)'),
      ],
    }],
  },
  {
    id: 'empty-environment',
    of: [environment],
    find: ({ kind, peers }) => (kind === 'ended' || kind === 'not-listening') && peers.length > 0
      ? 'HOST and PORT are there but empty, and your program takes that for a value: ?? replaces '
      + 'undefined only, and || replaces an empty text too'
      : undefined,
    byHand: ({ program }) => [`HOST= PORT= ${program?.typed}; echo $?`],
    wrong: [{
      breaks: environment,
      program: [
        change('options.ts', 'process.env.HOST ||', 'process.env.HOST ??'),
        change('options.ts', 'process.env.PORT ||', 'process.env.PORT ??'),
      ],
    }],
  },
  {
    id: 'environment-first',
    of: [optionBeatsEnvironment],
    find: ({ kind }) => kind === 'ended' || kind === 'not-listening'
      ? 'your server listens to the environment although an option says otherwise: what was typed for this one start comes first'
      : undefined,
    wrong: [{
      breaks: optionBeatsEnvironment,
      program: [
        change('options.ts', 'values.host ||', 'process.env.HOST || values.host ||'),
        change('options.ts', 'values.port)', 'process.env.PORT || values.port)'),
      ],
    }],
  },
  {
    id: 'one-exit-code',
    of: [noNumber, notUnderstood, notThisMachine, noSuchName, noPermission],
    find({ kind, program, reason }) {
      if (kind !== 'ended-otherwise' || !reason.includes('the exit code is')) return undefined
      if (program?.errors.trim().split('\n').length !== 1) return undefined
      if (program.exitCode === 1) return 'exit code 1 says that it could not be done; 2 says that the program did not understand what it should do'
      if (program.exitCode === 2) return 'exit code 2 says that the program was used wrongly; here it has understood but cannot do it, which is 1'
      return program.exitCode === 0 ? 'exit code 0 says that all went well: a script that started the program goes on as if it had' : undefined
    },
    wrong: [{
      breaks: noNumber,
      says: 'exit code 1 says',
      program: [change('options.ts', 'process.exitCode = 2', 'process.exitCode = 1')],
    }, {
      name: 'always-2',
      breaks: notThisMachine,
      says: 'exit code 2 says',
      program: [change('server.ts', 'process.exitCode = 1', 'process.exitCode = 2')],
    }, {
      name: 'none',
      breaks: noNumber,
      says: 'exit code 0 says',
      program: [change('options.ts', '    process.exitCode = 2\n', '')],
    }],
  },
]
