import { change } from '#workbook/check/change.ts'
import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { nearestLine } from '#workbook/check/explain/near.ts'
import type { Situation } from '#workbook/check/explain/situation.ts'
import { PORT } from '#workbook/check/setting.ts'
import { behaviours, clientReadsToTheEnd, clientTalks } from './behaviours.ts'

const COLLECT = `  const chunks: Buffer[] = []
  for await (const data of conn) chunks.push(data)
  return Buffer.concat(chunks)
`

/** What goes wrong in a first client. */
export const mistakes: readonly Mistake[] = [
  {
    id: 'calls-elsewhere',
    enough: true,
    of: behaviours,
    find({ program }) {
      if (program?.file !== 'client.ts') return undefined
      const [, port] = /\bport (\d+)|ECONNREFUSED \S*:(\d+)\b/.exec(program.errors)?.filter(Boolean) ?? []
      return port && Number(port) !== PORT ? `your client calls port ${port}, and the server listens on port ${PORT}` : undefined
    },
    wrong: [{ breaks: clientTalks, program: [change('client.ts', 'SERVER_PORT = 12345', 'SERVER_PORT = 12346')] }],
  },
  {
    id: 'cuts-a-letter',
    enough: true,
    of: [clientReadsToTheEnd],
    find: situation => /Hello, w\ufffd+rld/.test(nearestLine(situation) ?? '')
      ? 'your client makes text of each piece by itself, and a letter that begins in one and ends in the next is lost: put the bytes together first'
      : undefined,
    wrong: [{
      breaks: clientReadsToTheEnd,
      program: [change('client.ts', COLLECT, '  let text = \'\'\n  for await (const data of conn) text += data\n  return Buffer.from(text)\n')],
    }],
  },
  {
    id: 'first-piece-only',
    of: [clientReadsToTheEnd],
    find: situation => printedPart(situation, (text, whole) => whole.startsWith(text))
      ? 'your client prints the first piece of the answer and ignores the others: an answer is complete when the server has ended its side'
      : undefined,
    wrong: [{
      breaks: clientReadsToTheEnd,
      program: [change('client.ts', COLLECT, '  const [answer] = await once(conn, \'data\')\n  conn.destroy()\n  return answer\n')],
    }],
  },
  {
    id: 'last-piece-only',
    of: [clientReadsToTheEnd],
    find: situation => printedPart(situation, (text, whole) => whole.endsWith(text))
      ? 'your client keeps only the last piece of the answer: each piece takes the place of the one before'
      : undefined,
    wrong: [{
      breaks: clientReadsToTheEnd,
      program: [change('client.ts', COLLECT, '  let answer = Buffer.alloc(0)\n  for await (const data of conn) answer = data\n  return answer\n')],
    }],
  },
]

// Received: 'Hel' where Received: 'Hello, world' was wanted.
function printedPart({ kind, program, wanted }: Situation, fits: (text: string, whole: string) => boolean): boolean {
  if (kind !== 'no-line' || program === undefined) return false
  const [, whole] = RECEIVED_RE.exec(wanted ?? '') ?? []
  const parts = program.output.seen.flatMap(line => RECEIVED_RE.exec(line)?.[1] ?? [])
  return whole !== undefined && parts.length === 1 && parts.every(text => text !== '' && text !== whole && fits(text, whole))
}

const RECEIVED_RE = /^Received: '(.*)'$/
