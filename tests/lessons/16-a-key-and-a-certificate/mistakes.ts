import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { sourceOf } from '#workbook/check/explain/situation.ts'

const WARNS = new Set(['warns-of-no-names', 'warns-of-the-date', 'warns-of-an-open-key'])

/** Programs that misread a certificate, in lesson 16. */
export const mistakes: readonly Mistake[] = [
  {
    id: 'common-name-will-do',
    find(situation) {
      const { kind, behaviour } = situation
      if (kind !== 'no-warning' || behaviour.id !== 'warns-of-no-names') return undefined
      return sourceOf(situation).includes('checkHost(')
        ? 'where there is no subjectAltName checkHost falls back to the CN, and not every client does: look at subjectAltName itself'
        : undefined
    },
  },
  {
    id: 'dates-as-text',
    find(situation) {
      const { kind, behaviour, program } = situation
      const isOfDates = behaviour.id === 'warns-of-the-date' && kind === 'no-warning'
      const isWrong = kind === 'output' && /expired|valid yet|not yet/i.test(program?.errors ?? '')
      if (program?.file !== 'inspect.ts' || (!isOfDates && !isWrong)) return undefined
      return /Date\.parse|validFromDate|validToDate|new Date\([^)]/.test(sourceOf(situation))
        ? undefined
        : 'the dates are text that begins with the name of a month, and text is compared by letters: Date.parse makes times of them'
    },
  },
  {
    id: 'only-the-last-digit',
    find: ({ kind, behaviour, reason }) => kind === 'no-warning' && behaviour.id === 'warns-of-an-open-key' && /mode 640/.test(reason)
      ? 'the last digit of a mode is for everybody else, and the one before it is for your group: a key is open to both, and 0o077 asks for both'
      : undefined,
  },
  {
    id: 'warns-and-ends-well',
    find: ({ kind, behaviour, program }) => kind === 'ended-otherwise' && WARNS.has(behaviour.id) && program?.exitCode === 0
      ? 'your program has warned, and tells whoever started it that all is well: a script looks at the exit code and reads no warnings'
      : undefined,
  },
]
