import { change } from '#workbook/check/change.ts'
import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { PORT } from '#workbook/check/setting.ts'
import { sourceOf, sourcesOf, type Situation } from '#workbook/check/explain/situation.ts'
import { COUNTED_ON, countsAll, countsLines, keepsTheCount, wholeNumbers } from './behaviours.ts'

/** Servers that count, and get another number. */
export const mistakes: readonly Mistake[] = [
  {
    id: 'loses-counts',
    of: [countsAll, keepsTheCount],
    find(situation) {
      const { kind, wanted } = situation
      if (kind !== 'no-line' || countIn(wanted) === COUNTED_ON) return undefined
      const most = Math.max(0, ...counted(situation))
      if (most === 0 || most >= countIn(wanted)) return undefined
      return `your server has got as far as ${most}, and the rest is lost: between reading the number and writing it back it waits, `
        + 'and meanwhile other handlers read the same number'
    },
    wrong: [{ breaks: countsAll, program: [change('server.ts', '\'owned\'', '\'racy\'')] }],
  },
  {
    id: 'counts-chunks',
    of: [countsLines],
    find: situation => situation.kind === 'no-line' && counted(situation).length > 0
      ? 'your server counts the pieces in which the messages come: a message ends where the byte 10 is, once, twice or not at all in a piece'
      : undefined,
    wrong: [{
      breaks: countsLines,
      program: [change('server.ts', 'if (lines > 0) console.log(`Messages so far: ${await count(lines)}`)', 'console.log(`Messages so far: ${await count(1)}`)')],
    }],
  },
  {
    id: 'forgets-the-count',
    of: [keepsTheCount],
    find: situation => situation.kind === 'no-line' && counted(situation).includes(1)
      && countIn(situation.wanted) === COUNTED_ON
      ? 'your server begins at 0 again: it has to read messages.txt when it starts'
      : undefined,
    wrong: [{ breaks: keepsTheCount, program: [change('counters.ts', 'let count = await load()', 'let count = 0')] }],
  },
  {
    id: 'saves-at-the-same-time',
    of: [keepsTheCount, wholeNumbers],
    find(situation) {
      const failed = /ENOENT.*\brename\b/.test(situation.program?.errors ?? '')
      const renames = /\brename(?:Sync)?\(/.test(sourcesOf(situation)) && !/'(?:racy|locked)'/.test(sourceOf(situation))
      const seen = renames && /was empty|says \d+ after it said/.test(situation.reason)
      return failed || seen
        ? 'your server saves several times at once, to one file: one saving empties messages.txt.new while another gives it its name. '
        + 'Is saving true while one of them runs?'
        : undefined
    },
    wrong: [{ breaks: wholeNumbers, races: true, program: [change('counters.ts', '  saving = true\n', '')] }],
  },
  {
    id: 'saves-too-little',
    of: [keepsTheCount, wholeNumbers],
    find({ reason }) {
      const [, right, found] = /messages\.txt should say (\d+), and it says "(\d+)"/.exec(reason) ?? []
      return found !== undefined && Number(found) < Number(right)
        ? 'your server went on counting but stopped saving: what it notes as saved has to be the number that it wrote, '
        + 'and when all is written, the next message has to start a new save'
        : undefined
    },
    wrong: [
      { breaks: keepsTheCount, program: [change('counters.ts', 'saved = newest', 'saved = count')] },
      { name: 'idle', breaks: keepsTheCount, program: [change('counters.ts', '  saving = false\n}', '}')] },
    ],
    // The file should say 3, and then 4.
    byHand: ({ program }) => [
      `rm -f messages.txt; ${program?.typed}`,
      `for i in 1 2 3; do echo $i | ${CALL} & done; wait\nsleep 1; cat messages.txt\necho 4 | ${CALL}; sleep 1; cat messages.txt`,
    ],
  },
  {
    id: 'writes-in-place',
    of: [wholeNumbers],
    find: ({ reason }) => reason.includes('was empty')
      ? 'for a moment the file is empty, because writeFile empties it before it fills it: write to a file of another name, and give it the right name with rename'
      : undefined,
    wrong: [{ breaks: wholeNumbers, program: [change('server.ts', '\'owned\'', '\'locked\'')] }],
  },
]

const CALL = `nc -N 127.0.0.1 ${PORT}`
const SO_FAR_RE = /^Messages so far: (\d+)$/

function counted({ program }: Situation): number[] {
  return program?.output.seen.map(countIn).filter(Number.isFinite) ?? []
}

function countIn(line = ''): number {
  return Number(SO_FAR_RE.exec(line)?.[1] ?? NaN)
}
