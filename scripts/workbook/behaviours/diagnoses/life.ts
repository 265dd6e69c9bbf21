import { basename } from 'node:path'
import type { Diagnosis } from './diagnosis.ts'
import { sourceOf, type Situation } from '../situation.ts'

/** A program that fails over a mistake of the language. Before all others: whatever does not hold, this is why. */
export const stumbles: Diagnosis = {
  id: 'stumbles',
  enough: true,
  find(situation) {
    const { program } = situation
    if (!program || program.running || program.exitCode === 0) return undefined
    const [, message = '', what = ''] = STUMBLE_RE.exec(program.errors) ?? []
    const advice = STUMBLES.find(([words]) => words.test(what))?.[1]
    if (advice === undefined) return undefined
    const crash = crashOf(situation)
    return isUncaught(program.errors) && crash.message.includes(message)
      ? `your program crashed${crash.place === undefined ? '' : ` at ${crash.place}`}: ${message}. ${advice}`
      : `your program has made a mistake and caught it itself: ${message}. ${advice}`
  },
}

const STUMBLE_RE = /^((?:(?:Reference|Type)Error: )?(\S.* is not (?:defined|a function|(?:async )?iterable)|Cannot read properties of (?:undefined|null) .*|Cannot destructure .* as it is (?:undefined|null)))\.?$/m

const STUMBLES: readonly (readonly [words: RegExp, advice: string])[] = [
  [/is not defined$/, 'No line gives this name a meaning: is it misspelt, or missing in an import?'],
  [/iterable$|Symbol\(/, 'That is nothing to go through, for a loop or for [brackets]: is it the thing that you mean?'],
  [/is not a function$/, 'What stands in front of the brackets is something else: a promise, if an await is missing'],
  [/^Cannot read/, 'What stands in front of the dot is nothing at that moment'],
  [/^Cannot destructure/, 'Nothing was handed over: does the call give as many things as the function takes?'],
]

/** Programs that end, and programs that do not. */
export const life: readonly Diagnosis[] = [
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
    find({ kind, program, behaviour }) {
      if (kind !== 'ended-otherwise' || behaviour.id !== 'second-copy') return undefined
      if (!/^(?:Error: )?.*\blisten EADDRINUSE\b/m.test(program?.errors ?? '') || !isUncaught(program?.errors)) return undefined
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
    id: 'exits-at-once',
    find({ kind, program }) {
      // It may have listened for a moment.
      if ((kind !== 'ended' && kind !== 'no-connection') || program?.exitCode !== 0) return undefined
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
    id: 'waits-for-ever',
    find: ({ kind, program }) => kind === 'runs-on' && program?.file === 'client.ts'
      ? 'your client has no patience of its own, or too much of it, and the kernel will never tell it to stop waiting'
      : undefined,
  },
]

const UNSETTLED = 13

// The bundle has other quotation marks, and semicolons.
function bare(code: string): string {
  return code.replace(/['"`;\s]/g, '')
}

function hasStack(errors = ''): boolean {
  return /^ {4}at /m.test(errors)
}

// Node says its version when it ends a program over an error, and not when the program prints one.
function isUncaught(errors = ''): boolean {
  return hasStack(errors) && /^Node\.js v\d/m.test(errors)
}

/** How an error came to Node, of which no line of the program is on the stack. */
function wayOf(situation: Situation): string {
  const errors = situation.program?.errors ?? ''
  const [, emitter] = /^Emitted 'error' event on (\w+)/m.exec(errors) ?? []
  if (emitter !== undefined) return `It came as an event of the ${emitter}, and nobody listens for it`
  const [, code] = /^ {2}code: '(\w+)'/m.exec(errors) ?? []
  const source = sourceOf(situation)
  // What the program has words for was not caught, or the words would have been printed.
  return code !== undefined && !source.includes(code) && /\bcatch \((\w+)\)[^]*\bthrow \1\b/.test(source)
    ? `Your catch has thrown it on: it has no words for ${code}`
    : 'It was thrown where nothing catches it: outside of a try, or in a promise that nobody awaits'
}

/** The message of what was not caught, and the first line on its stack that is the reader's. */
export function crashOf(situation: Situation): { message: string, place?: string } {
  const { program, setting } = situation
  const errors = program?.errors ?? ''
  const [message = 'an error'] = /^(?:Uncaught )?\S*(?:Error|Exception)\b.*$/m.exec(errors) ?? []
  const own = errors.split('\n').find(line => /^ {4}at /.test(line) && line.includes(setting.folder) && !line.includes('node_modules'))
  const [, path = '', line] = /((?:\/|[A-Za-z]:\\)[^():]+):(\d+):\d+\)?$/.exec(own ?? '') ?? []
  if (line !== undefined) return { message, place: `${basename(path)}:${line}` }
  // An error in the form of the program has no stack of it, but Node prints the place first.
  const [, file, at] = /^(?:file:\/\/)?(\/[^\n]+\.ts):(\d+)\n/.exec(errors) ?? []
  return file !== undefined && sourceOf(situation) !== '' ? { message, place: `${basename(file)}:${at}` } : { message }
}
