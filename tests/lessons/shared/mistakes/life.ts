import { join } from 'node:path'
import { added, change } from '#workbook/check/change.ts'
import { crashOf, hasStack, isUncaught, wayOf } from '#workbook/check/explain/crash.ts'
import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { sourceOf } from '#workbook/check/explain/situation.ts'
import { ctrlC, listens, secondCopy } from '../../02-a-listening-socket/behaviours.ts'
import { printsWhatCame } from '../../05-a-client-handler/behaviours.ts'
import { echo } from '../../06-echo/behaviours.ts'
import { clientNoConnection, clientSilence, clientTalks } from '../../07-a-client-of-our-own/behaviours.ts'
import { noPermission } from '../../12-the-command-line/behaviours.ts'
import { unlessLinux } from '../unless.ts'

const START = 'console.log(`Starting'
const GIVES_UP = 'conn.destroy(new Error(`No answer for ${PATIENCE} ms: gave up`))'
const PATIENCE = `  conn.setTimeout(PATIENCE, () => {
    ${GIVES_UP}
  })
`

/** Programs that end, and programs that do not. */
export const life: readonly Mistake[] = [
  {
    id: 'syntax-error',
    enough: true,
    find: ({ kind }) => kind === 'no-program' ? 'the program cannot be read, so nothing could be started' : undefined,
  },
  {
    id: 'no-client-file',
    enough: true,
    find({ kind, reason }) {
      if (kind !== 'no-file') return undefined
      const [, program = 'client'] = /(\w+)\.ts$/.exec(reason) ?? []
      return program === 'client' ? 'the client is a second file, beside server.ts' : `${program} is a file of its own, beside server.ts`
    },
    wrong: [{ lesson: 7, breaks: clientTalks, program: join(import.meta.dirname, '../../../../code/06-echo') }],
  },
  {
    id: 'waits-for-nothing',
    find(situation) {
      const { program } = situation
      if (program?.exitCode !== UNSETTLED) return undefined
      // From 22 on, Node prints the line; its number is one in the bundle.
      const [, code = ''] = /unsettled top-level await at [^\n]*\n([^\n]*)/.exec(program.errors) ?? []
      const line = sourceOf(situation).split('\n').findIndex(source => bare(source) !== '' && bare(source) === bare(code))
      const where = line < 0 ? '' : ` (line ${line + 1} of ${program.file})`
      return `your program awaits something that can never happen${where}, and Node ended it with exit code 13`
    },
    wrong: [{ lesson: 2, breaks: listens, program: [change('server.ts', '  sock.listen({ host: SERVER_NAME, port: SERVER_PORT })\n', '')] }],
  },
  {
    id: 'crashes',
    enough: true,
    find(situation) {
      const { program } = situation
      if (!program || program.running || program.exitCode === 0 || !isUncaught(program.errors)) return undefined
      const { message, place } = crashOf(situation)
      return place === undefined ? `your program crashed: ${message}. ${wayOf(situation)}` : `your program crashed at ${place}: ${message}`
    },
    wrong: [
      {
        lesson: 5, breaks: printsWhatCame, says: 'your program crashed at server.ts:23: Error: had enough',
        program: [change('server.ts', 'console.log(`Received: ${printable(data)}`)', 'throw new Error(\'had enough\')')],
      },
      {
        name: 'thrown-on', lesson: 12, breaks: noPermission, says: 'your program crashed: ', unless: unlessLinux,
        program: [change('server.ts', '    EACCES: `Port ${port} needs a privilege: take one from 1024 on`,\n', '')],
      },
    ],
  },
  {
    id: 'prints-the-stack',
    enough: true,
    find: ({ kind, program }) => kind === 'ended-otherwise' && hasStack(program?.errors) && !isUncaught(program?.errors)
      ? 'your program has caught the error, and prints all of it: its message is one line, and words of your own may be a better one'
      : undefined,
    wrong: [{
      lesson: 2, breaks: secondCopy,
      program: [change('server.ts',
        '  if ((error as NodeJS.ErrnoException).code !== \'EADDRINUSE\') throw error\n'
        + '  console.error(`Port ${SERVER_PORT} is taken: stop the program that has it`)\n',
        '  console.error(error)\n')],
    }],
  },
  {
    id: 'empty-program',
    enough: true,
    find: situation => situation.program?.running === false && sourceOf(situation).trim() === '' ? `${situation.program.file} is empty` : undefined,
    wrong: [{ lesson: 2, breaks: listens, program: [added('server.ts', '')] }],
  },
  {
    id: 'exits-at-once',
    find({ kind, program }) {
      if (program?.exitCode !== 0 || program.file !== 'server.ts') return undefined
      if (kind === 'broke' || kind === 'closed') return 'your program came to its end with exit code 0, while it had a client'
      // It may have listened for a moment.
      if (kind !== 'ended' && kind !== 'no-connection') return undefined
      return 'your program came to its end: nothing was left for it to wait for. A server waits once listen was called and nothing closes or exits behind it'
    },
    wrong: [
      {
        lesson: 2, breaks: listens, says: 'your program came to its end: nothing was left',
        program: [change('server.ts', '  process.exitCode = 1\n}', '  process.exitCode = 1\n} finally {\n  process.exit()\n}')],
      },
      {
        name: 'with-a-client', lesson: 6, breaks: echo, says: 'your program came to its end with exit code 0, while it had a client',
        program: [change('server.ts', 'console.log(`Received: ${printable(data)}`)', 'process.exit()')],
      },
    ],
  },
  {
    id: 'ignores-ctrl-c',
    find: ({ kind, signal }) => kind === 'runs-on' && signal === 'SIGINT'
      ? 'your program has a handler for SIGINT, and a program with such a handler has to end by itself'
      : undefined,
    wrong: [{ lesson: 2, breaks: ctrlC, program: [change('server.ts', START, `process.on('SIGINT', () => {})\n${START}`)] }],
  },
  {
    id: 'ignores-kill',
    find: ({ kind, signal }) => kind === 'runs-on' && signal === 'SIGTERM'
      ? 'your program has a handler for SIGTERM, and a program with such a handler has to end by itself'
      : undefined,
    wrong: [{ lesson: 2, breaks: ctrlC, program: [change('server.ts', START, `process.on('SIGTERM', () => {})\n${START}`)] }],
  },
  {
    id: 'outlives-its-answer',
    enough: true,
    find: ({ kind, program }) => kind === 'runs-on' && program?.file === 'client.ts' && program.output.seen.some(line => line.startsWith('Received: '))
      ? 'your client has its answer, and something keeps it alive: a timer of its own, where the patience should be the connection\'s '
      + '(conn.setTimeout), or a connection that it has not ended'
      : undefined,
    wrong: [{
      lesson: 7, breaks: clientTalks,
      program: [change('client.ts', PATIENCE, PATIENCE.replace('conn.setTimeout(PATIENCE, ', 'setTimeout(').replace('})\n', '}, PATIENCE)\n'))],
    }],
  },
  {
    id: 'waits-for-ever',
    find({ kind, program, behaviour }) {
      if (kind !== 'runs-on' || program?.file !== 'client.ts') return undefined
      if (behaviour === clientNoConnection) {
        return 'until there is a connection your client is as patient as the kernel, and Linux tries for some two minutes: '
          + 'set its patience (conn.setTimeout) before it waits for connect'
      }
      return program.errors.trim() === ''
        ? 'your client has no patience of its own, or too much of it: of a server that is there and says nothing the kernel will never tell it'
        : 'your client says that it gives up, and goes on: its connection keeps it alive, and destroy ends that'
    },
    wrong: [
      {
        name: 'after-connect', lesson: 7, breaks: clientNoConnection, says: 'until there is a connection your client is as patient as the kernel',
        program: [change('client.ts', `${PATIENCE}  await once(conn, 'connect')\n`, `  await once(conn, 'connect')\n${PATIENCE}`)],
      },
      { lesson: 7, breaks: clientSilence, says: 'your client has no patience of its own', program: [change('client.ts', PATIENCE, '')] },
      {
        name: 'says-so', lesson: 7, breaks: clientSilence, says: 'your client says that it gives up, and goes on',
        program: [change('client.ts', GIVES_UP, 'console.error(`No answer for ${PATIENCE} ms: gave up`)')],
      },
    ],
  },
]

const UNSETTLED = 13

// The bundle has other quotation marks, and semicolons.
function bare(code: string): string {
  return code.replace(/['"`;\s]/g, '')
}
