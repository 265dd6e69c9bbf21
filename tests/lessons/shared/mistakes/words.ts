import { change } from '#workbook/check/change.ts'
import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { nearestLine } from '#workbook/check/explain/near.ts'
import { saysThatItStarts } from '../../01-a-name-and-a-number/behaviours.ts'
import { secondCopy } from '../../02-a-listening-socket/behaviours.ts'
import { announces } from '../../04-the-accept-loop/behaviours.ts'
import { clientEndsItsSide, clientTalks } from '../../07-a-client-of-our-own/behaviours.ts'
import { noNumber } from '../../12-the-command-line/behaviours.ts'

/** What went wrong is said, and in the wrong place. Before what is said of exit codes. */
export const toStdout: Mistake = {
  id: 'prints-to-stdout',
  enough: true,
  find({ kind, program, reason }) {
    if (kind !== 'ended-otherwise' || !reason.endsWith('to standard error, and there is none')) return undefined
    const line = program?.output.seen.findLast(line => line !== '' && !/^(?:Starting|Listening|Received)/.test(line))
    return line && `"${line}" went to standard output (console.log): what goes wrong belongs on standard error (console.error), `
      + 'where it is seen although the output goes to a file'
  },
  wrong: [
    { lesson: 2, breaks: secondCopy, says: '"Port 12345 is taken: ', program: [change('server.ts', 'console.error', 'console.log')] },
    { name: 'options', lesson: 12, breaks: noNumber, says: '"Not understood: ', program: [change('options.ts', 'console.error(`Not', 'console.log(`Not')] },
  ],
}

/** Programs that print nothing, or something else. */
export const words: readonly Mistake[] = [
  {
    id: 'prints-a-promise',
    enough: true,
    find({ kind, program }) {
      if (kind !== 'no-line' && kind !== 'stays-open') return undefined
      const line = program?.output.seen.find(line => /\[object Promise\]|\bPromise \{/.test(line))
      return line && `your program has printed "${line}": that is a promise, and not what it will become; an await is missing in front of it`
    },
    wrong: [{ lesson: 7, breaks: clientTalks, program: [change('client.ts', 'await sendAndReceive(', 'sendAndReceive(')] }],
  },
  {
    id: 'prints-undefined',
    enough: true,
    find(situation) {
      const { wanted = '', peer } = situation
      if (peer === undefined || !wanted.includes(`:${peer.port}`) || !nearestLine(situation)?.includes('undefined:undefined')) return undefined
      return 'your program asks something for its address that is no connection. What on gives is a list with the connection in it: '
        + 'are the brackets round conn missing, as in const [conn]?'
    },
    wrong: [{ lesson: 4, breaks: announces, program: [change('server.ts', 'const [conn] of', 'const conn of')] }],
  },
  {
    id: 'prints-a-buffer',
    enough: true,
    find: situation => situation.wanted?.startsWith('Received: ') && nearestLine(situation)?.includes('<Buffer ')
      ? 'your program prints the Buffer itself: what it holds as text is buffer.toString()'
      : undefined,
    wrong: [{ lesson: 7, breaks: clientTalks, program: [change('client.ts', 'answer.toString()', 'answer')] }],
  },
  {
    id: 'keeps-its-side-open',
    find: ({ kind, program }) => kind === 'stays-open' && program?.file === 'client.ts'
      ? 'your client never ends its side: a server cannot know that a message is complete until it is told, with end'
      : undefined,
    wrong: [{
      // Only there the first story sees for which end the client waits.
      lesson: 7, breaks: process.platform === 'linux' ? clientTalks : clientEndsItsSide,
      program: [change('client.ts', 'conn.end(message)', 'conn.write(message)')],
    }],
  },
  {
    id: 'prints-to-stderr',
    enough: true,
    find({ kind, program, wanted }) {
      if (kind !== 'no-line' || wanted === undefined || !program?.errorOutput.seen.includes(wanted)) return undefined
      return 'your program prints the line to standard error (console.error), and it belongs on standard output (console.log)'
    },
    wrong: [{ lesson: 4, breaks: announces, program: [change('server.ts', 'console.log(`Received', 'console.error(`Received')] }],
  },
  {
    id: 'no-newline',
    enough: true,
    find: ({ kind, program, wanted }) => kind === 'no-line' && wanted !== undefined && program?.output.unfinished.endsWith(wanted)
      ? 'your program has printed it without a newline behind it, and so it is no line yet: console.log adds one'
      : undefined,
    wrong: [{ lesson: 2, breaks: saysThatItStarts, program: [change('server.ts', 'console.log(`Starting', 'process.stdout.write(`Starting')] }],
  },
  {
    id: 'prints-nothing',
    find({ kind, program }) {
      if (kind !== 'no-line' || !program || program.output.bytes.length > 0 || program.output.first.length > 0) return undefined
      return program.errors.trim() === ''
        ? 'your program has printed nothing at all'
        : 'your program has printed nothing but what it wrote to standard error'
    },
    wrong: [{
      lesson: 2, breaks: saysThatItStarts, says: 'your program has printed nothing at all',
      program: [change('server.ts', 'console.log(`Starting server on port ${SERVER_PORT}`)\n', '')],
    }],
  },
  {
    id: 'prints-something-else',
    enough: true,
    find: situation => nearestLine(situation) === undefined
      ? undefined
      : 'your program prints a line that is nearly the one, and only the very same line will do',
    wrong: [{ lesson: 4, breaks: announces, program: [change('server.ts', 'Received new connection', 'New connection')] }],
  },
]
