import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { PORT } from '#workbook/check/setting.ts'
import type { Situation } from '#workbook/check/explain/situation.ts'
import { COUNTED_ON } from './behaviours.ts'

/** Servers that count, and get another number. */
export const mistakes: readonly Mistake[] = [
  {
    id: 'loses-counts',
    find(situation) {
      const { behaviour, kind, wanted } = situation
      if (!['counts-all', 'keeps-the-count'].includes(behaviour.id) || kind !== 'no-line' || countIn(wanted) === COUNTED_ON) return undefined
      const most = Math.max(0, ...counted(situation))
      if (most === 0 || most >= countIn(wanted)) return undefined
      return `your server has got as far as ${most}, and the rest is lost: between reading the number and writing it back it waits, `
        + 'and meanwhile other handlers read the same number'
    },
  },
  {
    id: 'counts-chunks',
    find: situation => situation.behaviour.id === 'counts-lines' && situation.kind === 'no-line' && counted(situation).length > 0
      ? 'your server counts the pieces in which the messages come: a message ends where the byte 10 is, once, twice or not at all in a piece'
      : undefined,
  },
  {
    id: 'forgets-the-count',
    find: situation => situation.behaviour.id === 'keeps-the-count' && situation.kind === 'no-line' && counted(situation).includes(1)
      && countIn(situation.wanted) === COUNTED_ON
      ? 'your server begins at nothing: it has to read messages.txt when it starts'
      : undefined,
  },
  {
    id: 'saves-too-little',
    find({ reason }) {
      const [, right, found] = /messages\.txt should say (\d+), and it says "(\d+)"/.exec(reason) ?? []
      return found !== undefined && Number(found) < Number(right)
        ? 'your server has counted on, and stopped saving: what it takes for saved has to be the number that it wrote, '
        + 'and when it has written all, the next message must find it idle'
        : undefined
    },
    // The file should say 3, and then 4.
    byHand: ({ program }) => [
      `rm -f messages.txt; ${program?.typed}`,
      `for i in 1 2 3; do echo $i | ${CALL} & done; wait\nsleep 1; cat messages.txt\necho 4 | ${CALL}; sleep 1; cat messages.txt`,
    ],
  },
  {
    id: 'writes-in-place',
    find: ({ behaviour, reason }) => behaviour.id === 'whole-numbers' && reason.includes('was empty')
      ? 'for a moment the file is empty, because writeFile empties it before it fills it: write to a file of another name, and give it the right name with rename'
      : undefined,
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
