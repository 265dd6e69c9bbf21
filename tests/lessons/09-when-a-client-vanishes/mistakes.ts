import { join } from 'node:path'
import { change } from '#workbook/check/change.ts'
import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { sourceOf, type Situation } from '#workbook/check/explain/situation.ts'
import { namesTheLost, reset, resetAfterTheEnd, resetWhileWriting } from './behaviours.ts'

/** Servers that take the loss of one client for a loss of their own, or do not notice it. */
export const mistakes: readonly Mistake[] = [
  {
    id: 'deaf-after-the-loop',
    of: [resetAfterTheEnd],
    find(situation) {
      if (!EVENT_RE.test(situation.program?.errors ?? '')) return undefined
      const code = lossIn(situation)
      if (code && CALLBACK_RE.test(sourceOf(situation))) {
        return 'the finished of node:stream takes a callback and does not wait: import the one of node:stream/promises'
      }
      return code && `when the loop over a connection is over, nobody listens to it any more: what end still had to send failed with ${code}, `
        + 'and that ended your server for all. Wait for the last byte inside the try'
    },
    wrong: [
      { breaks: resetAfterTheEnd, says: 'when the loop over a connection is over', program: [change('server.ts', '      await finished(conn)\n', '')] },
      {
        name: 'callback', breaks: resetAfterTheEnd, says: 'the finished of node:stream takes a callback',
        program: [change('server.ts', 'node:stream/promises', 'node:stream')],
      },
    ],
  },
  {
    id: 'dies-of-one-client',
    find(situation) {
      const code = lossIn(situation)
      if (code === undefined) return undefined
      const how = EVENT_RE.test(situation.program?.errors ?? '')
        ? 'the error came as an event of that connection, and nobody listens for it'
        : 'what fails while a client is served has to be caught where it is served, inside handleClient, '
        + 'by a try round everything that waits for it'
      return `the ${code} of one client ended your server for all: ${how}`
    },
    wrong: [
      {
        breaks: reset, says: 'the ECONNRESET of one client ended your server for all: what fails while',
        program: join(import.meta.dirname, '../../../code/08-two-at-once'),
      },
      {
        name: 'event', breaks: reset, says: 'the ECONNRESET of one client ended your server for all: the error came as an event',
        program: join(import.meta.dirname, 'wrong/dies-of-one-client/event'),
      },
    ],
  },
  {
    id: 'waits-for-a-drain',
    of: [resetWhileWriting],
    find: situation => isSilent(situation) && situation.peers.length > 1
      ? 'your server still waits for room on a connection that is gone, and no drain will ever come: once of node:events hears of the error as well'
      : undefined,
    wrong: [{
      breaks: resetWhileWriting,
      program: [change('server.ts', 'await once(conn, \'drain\')', 'await new Promise(resolve => conn.once(\'drain\', resolve))')],
    }],
  },
  {
    id: 'loses-silently',
    of: [namesTheLost, resetWhileWriting],
    find: situation => isSilent(situation)
      ? 'your server lives on, but says nothing about the client that it lost: print at least what you catch'
      : undefined,
    wrong: [{ breaks: namesTheLost, program: [change('server.ts', '      console.log(`Lost ${peer}: ${code}`)\n', '')] }],
  },
]

const CALLBACK_RE = /\bfinished\b[^\n]*from ['"]node:stream['"]/
const LOSS_RE = /^(?:Uncaught )?Error: (?:read|write) (ECONNRESET|EPIPE|ETIMEDOUT)$/m
const EVENT_RE = /Unhandled 'error' event/

/** The code of a lost connection, as the last words of a program that ended over it. */
function lossIn({ program }: Situation): string | undefined {
  return LOSS_RE.exec(program?.errors ?? '')?.[1]
}

function isSilent({ kind, program, peer }: Situation): boolean {
  if (kind !== 'no-line' || !program?.running) return false
  // A line that names the client in other words is another mistake. The one that greets it does not count.
  return !program.output.seen.some(line => line.includes(`:${peer?.port}`) && !line.startsWith('Received new connection'))
}
