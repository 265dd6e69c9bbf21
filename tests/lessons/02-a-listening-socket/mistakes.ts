import { change } from '#workbook/check/change.ts'
import { isUncaught, lineOf, wayOf } from '#workbook/check/explain/crash.ts'
import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { sourceOf } from '#workbook/check/explain/situation.ts'
import { secondCopy } from './behaviours.ts'

const NOTHING_CAUGHT = 'the error EADDRINUSE reached Node, because nothing caught it'

/** A server that listens, and does not say it well when it cannot. */
export const mistakes: readonly Mistake[] = [
  {
    id: 'not-caught',
    of: [secondCopy],
    find(situation) {
      const { kind, program } = situation
      if (kind !== 'ended-otherwise') return undefined
      if (!/^(?:Error: )?.*\blisten EADDRINUSE\b/m.test(program?.errors ?? '') || !isUncaught(program?.errors)) return undefined
      const line = lineOf(sourceOf(situation), /=== *['"`]EADDRINUSE['"`]\)\s*\{?\s*throw\b/)
      if (line !== undefined) return `line ${line} of server.ts throws on the one error that it should put into words: where it says ===, is !== meant?`
      const way = wayOf(situation)
      if (way.startsWith('Your catch')) return `the error EADDRINUSE reached Node. ${way}`
      return `${NOTHING_CAUGHT}: a try catches what fails inside it, and of a promise only with await in front of it`
    },
    wrong: [
      { breaks: secondCopy, says: NOTHING_CAUGHT, program: [change('server.ts', 'await startServer()', 'startServer()')] },
      {
        name: 'as-an-event', breaks: secondCopy, says: NOTHING_CAUGHT,
        program: [change('server.ts', '  await once(sock, \'listening\')\n', '')],
      },
      {
        name: 'misspelt', breaks: secondCopy, says: 'the error EADDRINUSE reached Node. Your catch has thrown it on',
        program: [change('server.ts', '\'EADDRINUSE\'', '\'EADDRINUSED\'')],
      },
      {
        name: 'wrong-way-round', breaks: secondCopy, says: 'line 22 of server.ts throws on the one error',
        program: [change('server.ts', '!==', '===')],
      },
    ],
  },
]
