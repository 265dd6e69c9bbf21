import { distance } from 'fastest-levenshtein'
import { change } from '#workbook/check/change.ts'
import { crashOf, isUncaught, lineOf } from '#workbook/check/explain/crash.ts'
import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { sourceOf, sourcesOf } from '#workbook/check/explain/situation.ts'
import { secondCopy } from '../../02-a-listening-socket/behaviours.ts'
import { announces } from '../../04-the-accept-loop/behaviours.ts'
import { echoLarge } from '../../06-echo/behaviours.ts'
import { clientTalks } from '../../07-a-client-of-our-own/behaviours.ts'

/** A program that fails over a mistake of the language. */
const stumbles: Mistake = {
  id: 'stumbles',
  enough: true,
  find(situation) {
    const { program } = situation
    // What it has caught may be followed by a connection that nobody closes.
    if (!program || program.exitCode === 0) return undefined
    const [, message = '', what = ''] = STUMBLE_RE.exec(program.errors) ?? []
    const advice = STUMBLES.find(([words]) => words.test(what))?.[1]
    if (advice === undefined) return undefined
    const crash = crashOf(situation)
    return isUncaught(program.errors) && crash.message.includes(message)
      ? `your program crashed${crash.place === undefined ? '' : ` at ${crash.place}`}: ${message}. ${advice}`
      : `your program has made a mistake and caught it itself: ${message}. ${advice}`
  },
  wrong: [
    {
      lesson: 4, breaks: announces, says: 'your program crashed at server.ts:23: TypeError: Cannot read properties of undefined',
      program: [
        change('server.ts', 'const SERVER_PORT = 12345', 'const SERVER_PORT = 12345\nconst guests = new Map()'),
        change('server.ts', 'conn as Socket', 'conn as Socket\n    guests.get(remoteAddress).visits += 1'),
      ],
    },
    {
      name: 'caught', lesson: 7, breaks: clientTalks, says: 'your program has made a mistake and caught it itself: inspect is not defined. No line',
      program: [change('client.ts', 'import { inspect } from \'node:util\'\n', '')],
    },
    {
      name: 'promise', lesson: 4, breaks: announces, says: 'your program crashed',
      program: [change('server.ts', 'await initializeServerSocket()', 'initializeServerSocket()')],
    },
    {
      name: 'holds-on', lesson: 7, breaks: clientTalks, says: 'your program has made a mistake and caught it itself: conn.end is not a function. What',
      program: [change('client.ts', 'await connectToServer()', 'connectToServer()')],
    },
  ],
}

const STUMBLE_RE = /^((?:(?:Reference|Type)Error(?: \[\w+\])?: )?(\S.* is not (?:defined|a function|(?:async )?iterable)|The "\w+" argument must be .* Received an instance of Promise|Cannot read properties of (?:undefined|null) .*|Cannot destructure .* as it is (?:undefined|null)))\.?$/m

const STUMBLES: readonly (readonly [words: RegExp, advice: string])[] = [
  [/is not defined$/, 'No line gives this name a meaning: is it misspelt, or missing in an import?'],
  [/iterable$|Symbol\(/, 'That is nothing to go through, for a loop or for [brackets]: is it the thing that you mean?'],
  [/is not a function$/, 'What stands in front of the brackets is something else: a promise, if an await is missing'],
  [/Promise$/, 'A promise was handed over, and not what it will become: an await is missing'],
  [/^Cannot read/, 'What stands in front of the dot is nothing at that moment'],
  [/^Cannot destructure/, 'Nothing was handed over: does the call give as many things as the function takes?'],
]

/** A name that Node takes without a word, and that means nothing to it. */
const misspelt: readonly Mistake[] = [
  {
    id: 'no-such-event',
    enough: true,
    find(situation) {
      const source = sourceOf(situation)
      for (const [call, name = ''] of source.matchAll(EVENT_RE)) {
        // Of four letters, two say little: open is not drop.
        const most = name.length > 4 ? 2 : 1
        const meant = EVENTS.find(event => distance(event.toLowerCase(), name.toLowerCase()) <= most)
        const isOwn = new RegExp(`emit\\(\\s*['"\`]${name}['"\`]`).test(sourcesOf(situation))
        if (EVENTS.includes(name) || meant === undefined || isOwn) continue
        const line = source.slice(0, source.indexOf(call)).split('\n').length
        return `line ${line} of ${situation.program?.file} waits for '${name}', and nothing ever happens under that name: is '${meant}' meant?`
      }
      return undefined
    },
    wrong: [
      {
        lesson: 4, breaks: announces, says: 'line 20 of server.ts waits for \'connections\'',
        program: [change('server.ts', '\'connection\'', '\'connections\'')],
      },
      {
        name: 'drain', lesson: 6, breaks: echoLarge, says: 'line 24 of server.ts waits for \'drian\'',
        program: [change('server.ts', '\'drain\'', '\'drian\'')],
      },
    ],
  },
  {
    id: 'misspelt-exit-code',
    enough: true,
    find(situation) {
      if (!/^the exit code is \d+ and should be/.test(situation.reason)) return undefined
      const line = lineOf(sourceOf(situation), /\bprocess\.(?!exitCode\b)[eE]xit_?[cC]ode\b/)
      return line === undefined ? undefined : `line ${line} of ${situation.program?.file} gives process a property that Node does not know: it is exitCode, with a capital C`
    },
    wrong: [{ lesson: 2, breaks: secondCopy, program: [change('server.ts', 'process.exitCode', 'process.exitcode')] }],
  },
]

const EVENT_RE = /\b(?:on|once)\(\s*(?:[\w.]+,\s*)?['"`](\w+)['"`]/g

// Those of sockets, servers, streams, threads and processes.
const EVENTS = [
  'connection', 'listening', 'error', 'close', 'data', 'end', 'drain', 'connect', 'finish', 'ready', 'timeout', 'lookup', 'drop',
  'readable', 'pause', 'resume', 'pipe', 'unpipe', 'secureConnection', 'secureConnect', 'tlsClientError', 'session', 'newSession',
  'resumeSession', 'keylog', 'message', 'messageerror', 'online', 'exit', 'beforeExit', 'disconnect', 'spawn', 'warning', 'line',
  'keypress', 'uncaughtException', 'unhandledRejection', 'SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2',
]

/** Mistakes in the writing. Before all others: whatever does not hold, this is why. */
export const writing: readonly Mistake[] = [stumbles, ...misspelt]
