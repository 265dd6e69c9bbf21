import { change } from '#workbook/check/change.ts'
import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { sourceOf } from '#workbook/check/explain/situation.ts'
import { unlessLinux } from '../shared/unless.ts'
import { crowd, twoAtOnce } from './behaviours.ts'

/** Servers that have no time for a second client, or no room for a crowd. */
export const mistakes: readonly Mistake[] = [
  {
    id: 'one-at-a-time',
    of: [twoAtOnce],
    find: ({ kind, peers, received, program }) =>
      (kind === 'silence' || kind === 'no-line') && peers.length > 1 && received.length === 0 && program?.running
        ? 'your server looks after one client at a time: the second waits until the first has left'
        : undefined,
    wrong: [{ breaks: twoAtOnce, program: [change('server.ts', '    handleClient(conn)\n', '    await handleClient(conn)\n')] }],
  },
  {
    id: 'short-queue',
    of: [crowd],
    find(situation) {
      const [, asked] = /\bbacklog: *(\d+)/.exec(sourceOf(situation)) ?? []
      if (asked === undefined || Number(asked) >= ENOUGH || !situation.program?.running) return undefined
      return `your server asks for a backlog of ${asked}, and a crowd came at once: clients for whom the accept queue had no room were not connected. `
        + 'Without backlog Node asks for 511'
    },
    wrong: [{
      // Elsewhere the kernel lets a caller wait, or the crowd is smaller.
      breaks: crowd, unless: unlessLinux,
      program: [change('server.ts', 'port: SERVER_PORT })', 'port: SERVER_PORT, backlog: 5 })')],
    }],
  },
]

// Systems cut the backlog to a limit of their own, which is as low as this.
const ENOUGH = 128
