import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { nearestLine } from '#workbook/check/explain/near.ts'
import type { Situation } from '#workbook/check/explain/situation.ts'

/** What went wrong is said, and in the wrong place. Before what is said of exit codes. */
export const toStdout: Mistake = {
  id: 'prints-to-stdout',
  enough: true,
  find({ kind, program, reason }) {
    if (kind !== 'ended-otherwise' || !reason.endsWith('to standard error, and there is none')) return undefined
    const line = program?.output.seen.findLast(line => line !== '' && !/^(?:Starting|Listening|Received)/.test(line))
    return line && `"${line}" went to standard output (console.log): what goes wrong belongs on standard error (console.error), `
      + 'where it is seen although the output goes to a file'
  },
}

/** Programs that print nothing, or something else. */
export const words: readonly Mistake[] = [
  {
    id: 'prints-a-promise',
    enough: true,
    find({ kind, program }) {
      if (kind !== 'no-line' && kind !== 'stays-open') return undefined
      const line = program?.output.seen.find(line => /\[object Promise\]|\bPromise \{/.test(line))
      return line && `your program has printed "${line}": that is a promise, and not what it will become; an await is missing in front of it`
    },
  },
  {
    id: 'prints-undefined',
    enough: true,
    find(situation) {
      const { wanted = '', peer } = situation
      if (peer === undefined || !wanted.includes(`:${peer.port}`) || !nearestLine(situation)?.includes('undefined:undefined')) return undefined
      return 'your program asks something for its address that is no connection. What on gives is a list with the connection in it: '
        + 'are the brackets round conn missing, as in const [conn]?'
    },
  },
  {
    id: 'prints-a-buffer',
    enough: true,
    find: situation => situation.wanted?.startsWith('Received: ') && nearestLine(situation)?.includes('<Buffer ')
      ? 'your program prints the Buffer itself: what it holds as text is buffer.toString()'
      : undefined,
  },
  {
    id: 'cuts-a-letter',
    enough: true,
    find: situation => situation.behaviour.id === 'client-reads-to-the-end' && /Hello, w\ufffd+rld/.test(nearestLine(situation) ?? '')
      ? 'your client makes text of each piece by itself, and a letter that begins in one and ends in the next is lost: put the bytes together first'
      : undefined,
  },
  {
    id: 'first-piece-only',
    find: situation => printedPart(situation, (text, whole) => whole.startsWith(text))
      ? 'your client prints the first piece of the answer and leaves the others: an answer is complete when the server has ended its side'
      : undefined,
  },
  {
    id: 'last-piece-only',
    find: situation => printedPart(situation, (text, whole) => whole.endsWith(text))
      ? 'your client keeps the last piece of the answer only: each piece takes the place of the one before'
      : undefined,
  },
  {
    id: 'keeps-its-side-open',
    find: ({ kind, program }) => kind === 'stays-open' && program?.file === 'client.ts'
      ? 'your client never ends its side: a server cannot know that a message is complete until it is told, with end'
      : undefined,
  },
  {
    id: 'prints-to-stderr',
    find({ kind, program, wanted }) {
      if (kind !== 'no-line' || wanted === undefined || !program?.errorOutput.seen.includes(wanted)) return undefined
      return 'your program prints the line to standard error (console.error), and it belongs on standard output (console.log)'
    },
  },
  {
    id: 'no-newline',
    enough: true,
    find: ({ kind, program, wanted }) => kind === 'no-line' && wanted !== undefined && program?.output.unfinished.endsWith(wanted)
      ? 'your program has printed it without a newline behind it, and so it is no line yet: console.log adds one'
      : undefined,
  },
  {
    id: 'prints-nothing',
    find({ kind, program }) {
      if (kind !== 'no-line' || !program || program.output.bytes.length > 0 || program.output.first.length > 0) return undefined
      return program.errors.trim() === ''
        ? 'your program has printed nothing at all'
        : 'your program has printed nothing but what it wrote to standard error'
    },
  },
  {
    id: 'first-client-only',
    find({ kind, peers, wanted, program }) {
      if (kind !== 'no-line' || peers.length < 2 || !program?.running) return undefined
      // It has greeted others, and the newest one it has not noticed.
      const last = peers.at(-1)
      const greeted = (port = 0) => program.output.seen.some(line => line.includes(`:${port}`))
      if (!wanted?.includes(`:${last?.port}`) || greeted(last?.port) || !peers.slice(0, -1).some(peer => greeted(peer.port))) return undefined
      return FIRST_ONLY
    },
  },
  {
    id: 'hears-one-chunk',
    find({ kind, behaviour, program, peer }) {
      if (kind !== 'no-line' || behaviour.id !== 'two-pieces' || !program?.running || (peer?.steps.length ?? 0) < 2) return undefined
      const since = program.output.seen.findLastIndex(line => line.includes(`:${peer?.port}`))
      if (program.output.seen.slice(since + 1).filter(line => line.startsWith('Received: ')).length !== 1) return undefined
      return 'your server has printed the first piece that this client sent and nothing of the next: '
        + 'is there a loop over what comes? A break or a return leaves it after one chunk, and Node destroys the connection'
    },
  },
  {
    id: 'prints-something-else',
    find: situation => nearestLine(situation) === undefined
      ? undefined
      : 'your program prints a line that is nearly the one, and only the very same line will do',
  },
]

/** The words for a server that serves one client and no other; two diagnoses see it from two sides. */
export const FIRST_ONLY = 'your server serves its first client and no other: it accepts once, or it still waits for the first, which has left'

// Received: 'Hel' where Received: 'Hello, world' was wanted.
function printedPart(situation: Situation, fits: (text: string, whole: string) => boolean): boolean {
  const { kind, behaviour, program, wanted } = situation
  if (kind !== 'no-line' || behaviour.id !== 'client-reads-to-the-end' || program === undefined) return false
  const [, whole] = RECEIVED_RE.exec(wanted ?? '') ?? []
  const parts = program.output.seen.flatMap(line => RECEIVED_RE.exec(line)?.[1] ?? [])
  return whole !== undefined && parts.length === 1 && parts.every(text => text !== '' && text !== whole && fits(text, whole))
}

const RECEIVED_RE = /^Received: '(.*)'$/
