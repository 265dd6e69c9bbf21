import { change } from '#workbook/check/change.ts'
import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { lineOf } from '#workbook/check/explain/crash.ts'
import { sourceOf } from '#workbook/check/explain/situation.ts'
import { oneAtATime, twoPieces } from './behaviours.ts'

/** What goes wrong between a server and one client. */
export const mistakes: readonly Mistake[] = [
  {
    id: 'hears-one-chunk',
    of: [twoPieces],
    find({ kind, program, peer }) {
      if (kind !== 'no-line' || !program?.running || (peer?.steps.length ?? 0) < 2) return undefined
      const since = program.output.seen.findLastIndex(line => line.includes(`:${peer?.port}`))
      if (program.output.seen.slice(since + 1).filter(line => line.startsWith('Received: ')).length !== 1) return undefined
      return 'your server has printed the first piece that this client sent and nothing of the next: '
        + 'is there a loop over what comes? A break or a return leaves it after one chunk, and Node destroys the connection'
    },
    wrong: [{
      breaks: twoPieces,
      program: [change('server.ts', 'console.log(`Received: ${printable(data)}`)', 'console.log(`Received: ${printable(data)}`)\n      break')],
    }],
  },
  {
    id: 'goes-on-at-once',
    enough: true,
    of: [oneAtATime],
    find(situation) {
      const line = lineOf(sourceOf(situation), /(?<!await |function )\bhandleClient\(/)
      return situation.kind === 'other' && line !== undefined
        ? `line ${line} of server.ts calls handleClient without await: the loop goes on to the next client at once, `
        + 'and an error in handleClient is caught nowhere'
        : undefined
    },
    wrong: [{ breaks: oneAtATime, program: [change('server.ts', 'await handleClient(conn)', 'handleClient(conn)')] }],
  },
]
