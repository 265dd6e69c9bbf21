import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { sourceOf, type Situation } from '#workbook/check/explain/situation.ts'

/** Servers that take the loss of one client for a loss of their own, or do not notice it. */
export const mistakes: readonly Mistake[] = [
  {
    id: 'deaf-after-the-loop',
    find(situation) {
      if (situation.behaviour.id !== 'reset-after-the-end' || !EVENT_RE.test(situation.program?.errors ?? '')) return undefined
      const code = lossIn(situation)
      if (code && CALLBACK_RE.test(sourceOf(situation))) {
        return 'the finished of node:stream takes a callback and waits for nothing: import that of node:stream/promises'
      }
      return code && `when the loop over a connection is over, nobody listens to it any more: what end still had to send failed with ${code}, `
        + 'and that ended your server for all. Wait for the last byte inside the try'
    },
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
  },
  {
    id: 'waits-for-a-drain',
    find: situation => isSilent(situation) && situation.behaviour.id === 'reset-while-writing' && situation.peers.length > 1
      ? 'your server still waits for room on a connection that is gone, and no drain will ever come: once of node:events hears of the error as well'
      : undefined,
  },
  {
    id: 'loses-silently',
    find: situation => isSilent(situation) && LOSSES.includes(situation.behaviour.id)
      ? 'your server lives on and says nothing of the client that it lost: what is caught should at least be printed'
      : undefined,
  },
]

const CALLBACK_RE = /\bfinished\b[^\n]*from ['"]node:stream['"]/
const LOSS_RE = /^(?:Uncaught )?Error: (?:read|write) (ECONNRESET|EPIPE|ETIMEDOUT)$/m
const LOSSES = ['names-the-lost', 'reset-while-writing']
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
