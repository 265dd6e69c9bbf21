import { crashOf, hasStack, isUncaught, lineOf, wayOf } from '#workbook/check/explain/crash.ts'
import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { sourceOf } from '#workbook/check/explain/situation.ts'

/** Programs that end, and programs that do not. */
export const life: readonly Mistake[] = [
  {
    id: 'syntax-error',
    enough: true,
    find: ({ kind }) => kind === 'no-program' ? 'the program cannot be read, so nothing could be started' : undefined,
  },
  {
    id: 'no-client-file',
    find({ kind, reason }) {
      if (kind !== 'no-file') return undefined
      const [, program = 'client'] = /(\w+)\.ts$/.exec(reason) ?? []
      return program === 'client' ? 'the client is a second file, beside server.ts' : `${program} is a file of its own, beside server.ts`
    },
  },
  {
    id: 'not-caught',
    find(situation) {
      const { kind, program, behaviour } = situation
      if (kind !== 'ended-otherwise' || behaviour.id !== 'second-copy') return undefined
      if (!/^(?:Error: )?.*\blisten EADDRINUSE\b/m.test(program?.errors ?? '') || !isUncaught(program?.errors)) return undefined
      const line = lineOf(sourceOf(situation), /=== *['"`]EADDRINUSE['"`]\)\s*\{?\s*throw\b/)
      if (line !== undefined) return `line ${line} of server.ts throws on the one error that it should put into words: where it says ===, is !== meant?`
      const way = wayOf(situation)
      if (way.startsWith('Your catch')) return `the error EADDRINUSE reached Node. ${way}`
      return 'the error EADDRINUSE reached Node, because nothing caught it: '
        + 'a try catches what fails inside it, and of a promise only with await in front of it'
    },
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
  },
  {
    id: 'crashes',
    find(situation) {
      const { program } = situation
      if (!program || program.running || program.exitCode === 0 || !isUncaught(program.errors)) return undefined
      const { message, place } = crashOf(situation)
      return place === undefined ? `your program crashed: ${message}. ${wayOf(situation)}` : `your program crashed at ${place}: ${message}`
    },
  },
  {
    id: 'prints-the-stack',
    enough: true,
    find: ({ kind, program }) => kind === 'ended-otherwise' && hasStack(program?.errors) && !isUncaught(program?.errors)
      ? 'your program has caught the error, and prints all of it: its message is one line, and words of your own may be a better one'
      : undefined,
  },
  {
    id: 'empty-program',
    enough: true,
    find: situation => situation.program?.running === false && sourceOf(situation).trim() === '' ? `${situation.program.file} is empty` : undefined,
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
  },
  {
    id: 'ignores-ctrl-c',
    find: ({ kind, signal }) => kind === 'runs-on' && signal === 'SIGINT'
      ? 'your program has a handler for SIGINT, and a program with such a handler has to end by itself'
      : undefined,
  },
  {
    id: 'ignores-kill',
    find: ({ kind, signal }) => kind === 'runs-on' && signal === 'SIGTERM'
      ? 'your program has a handler for SIGTERM, and a program with such a handler has to end by itself'
      : undefined,
  },
  {
    id: 'outlives-its-answer',
    enough: true,
    find: ({ kind, program }) => kind === 'runs-on' && program?.file === 'client.ts' && program.output.seen.some(line => line.startsWith('Received: '))
      ? 'your client has its answer, and something keeps it alive: a timer of its own, where the patience should be the connection\'s '
      + '(conn.setTimeout), or a connection that it has not ended'
      : undefined,
  },
  {
    id: 'waits-for-ever',
    find({ kind, program }) {
      if (kind !== 'runs-on' || program?.file !== 'client.ts') return undefined
      return program.errors.trim() === ''
        ? 'your client has no patience of its own, or too much of it, and the kernel will never tell it to stop waiting'
        : 'your client says that it gives up, and goes on: its connection keeps it alive, and destroy ends that'
    },
  },
]

const UNSETTLED = 13

// The bundle has other quotation marks, and semicolons.
function bare(code: string): string {
  return code.replace(/['"`;\s]/g, '')
}
