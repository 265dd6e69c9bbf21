import { change } from '#workbook/check/change.ts'
import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { sourceOf } from '#workbook/check/explain/situation.ts'
import { saysThatNobodyListens } from './behaviours.ts'

/** What goes wrong in a first program. */
export const mistakes: readonly Mistake[] = [
  {
    id: 'never-called',
    enough: true,
    of: [saysThatNobodyListens],
    find(situation) {
      const source = sourceOf(situation)
      return situation.kind === 'no-line' && DEFINED_RE.test(source) && !/\bstartServer\(/.test(source.replace(DEFINED_RE, ''))
        ? 'your program says what startServer does, but never calls it: a function runs where its name has brackets after it, startServer()'
        : undefined
    },
    wrong: [{ breaks: saysThatNobodyListens, program: [change('server.ts', '\nstartServer()\n', '\n')] }],
  },
]

const DEFINED_RE = /\bfunction startServer\(/
