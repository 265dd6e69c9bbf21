import { change } from '#workbook/check/change.ts'
import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { sourceOf } from '#workbook/check/explain/situation.ts'
import { tellsWhatItSays, warnsOfAnOpenKey, warnsOfNoNames, warnsOfTheDate } from './behaviours.ts'

/** Programs that misread a certificate, in lesson 16. */
export const mistakes: readonly Mistake[] = [
  {
    id: 'common-name-will-do',
    of: [warnsOfNoNames],
    find: situation => situation.kind === 'no-warning' && sourceOf(situation).includes('checkHost(')
      ? 'where there is no subjectAltName checkHost falls back to the CN, and not every client does: look at subjectAltName itself'
      : undefined,
    wrong: [{
      breaks: warnsOfNoNames,
      program: [change('inspect.ts', '!cert.subjectAltName)', '!cert.checkHost(\'localhost\'))')],
    }],
  },
  {
    id: 'dates-as-text',
    find(situation) {
      const { kind, behaviour, program } = situation
      const isOfDates = behaviour === warnsOfTheDate && kind === 'no-warning'
      const isWrong = kind === 'output' && /expired|valid yet|not yet/i.test(program?.errors ?? '')
      if (program?.file !== 'inspect.ts' || (!isOfDates && !isWrong)) return undefined
      return /Date\.parse|validFromDate|validToDate|new Date\([^)]/.test(sourceOf(situation))
        ? undefined
        : 'the dates are text that begins with the name of a month, and text is compared by letters: Date.parse turns them into times'
    },
    wrong: [{
      breaks: tellsWhatItSays,
      program: [
        change('inspect.ts', 'Date.now()', 'new Date().toISOString()'),
        change('inspect.ts', 'Date.parse(cert.validFrom)', 'cert.validFrom'),
        change('inspect.ts', 'Date.parse(cert.validTo)', 'cert.validTo'),
      ],
    }],
  },
  {
    id: 'only-the-last-digit',
    of: [warnsOfAnOpenKey],
    find: ({ kind, reason }) => kind === 'no-warning' && /mode 640/.test(reason)
      ? 'the last digit of a mode is for everybody else, and the one before it is for your group: a key is open to both, and 0o077 asks for both'
      : undefined,
    wrong: [{
      breaks: warnsOfAnOpenKey,
      program: [change('inspect.ts', '0o077', '0o007')],
    }],
  },
  {
    id: 'warns-and-ends-well',
    of: [warnsOfNoNames, warnsOfTheDate, warnsOfAnOpenKey],
    find: ({ kind, program }) => kind === 'ended-otherwise' && program?.exitCode === 0
      ? 'your program has warned, and its exit code says that all is well: a script looks at the exit code and reads no warnings'
      : undefined,
    wrong: [{
      breaks: warnsOfNoNames,
      program: [change('inspect.ts', '  console.error(`Warning: ${message}`)\n  process.exitCode = 1\n', '  console.error(`Warning: ${message}`)\n')],
    }],
  },
]
