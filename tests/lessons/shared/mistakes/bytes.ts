import { change } from '#workbook/check/change.ts'
import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { firstDifference } from '#workbook/check/client/expect.ts'
import { sourceOf } from '#workbook/check/explain/situation.ts'
import { echo, echoBinary } from '../../06-echo/behaviours.ts'

const LOSSY = 'your server turns bytes into text and back, and not every byte survives that'

/** Servers that send back other bytes. */
export const bytes: readonly Mistake[] = [
  {
    id: 'bytes-as-text',
    find({ received, expected, program }) {
      if (!expected || received.length === 0) return undefined
      const at = firstDifference(received, expected)
      const found = received.subarray(at, at + 12)
      const went = found.length > 0 && ROUND_TRIPS.find(({ back }) => {
        const other = back(expected)
        // Cut short at both ends: a chunk may have ended in the middle of a letter.
        return !other.equals(expected) && other.subarray(at, at + found.length).equals(found)
      })
      const replaced = received.includes(REPLACEMENT) && !expected.includes(REPLACEMENT)
      if (!went && !replaced) return undefined
      return `your ${program?.file === 'client.ts' ? 'client' : 'server'} turns bytes into text and back, and not every byte survives that`
        + (replaced ? ': ef bf bd is the sign for "this was no text"' : `: ${went && went.how}`)
        + '. What arrived as a Buffer can be sent as it is'
    },
    wrong: [
      {
        lesson: 6, breaks: echoBinary, says: `${LOSSY}: ef bf bd is the sign for "this was no text"`,
        program: [change('server.ts', 'conn.write(data)', 'conn.write(data.toString())')],
      },
      {
        name: 'latin1', lesson: 6, breaks: echoBinary, says: `${LOSSY}: each byte from 80 on was read as one letter`,
        program: [change('server.ts', 'conn.write(data)', 'conn.write(data.toString(\'latin1\'))')],
      },
    ],
  },
  {
    id: 'adds-to-it',
    find({ received, expected, kind }) {
      if (kind !== 'differs' || !expected || expected.length === 0) return undefined
      const at = received.indexOf(expected.subarray(0, Math.min(expected.length, received.length - 1, 64)))
      if (at <= 0) return undefined
      return `your server sends more than it was sent: ${JSON.stringify(received.subarray(0, Math.min(at, 40)).toString('latin1'))} stands in front`
    },
    wrong: [{ lesson: 6, breaks: echo, program: [change('server.ts', 'conn.write(data)', 'conn.write(`Received: ${data}`)')] }],
  },
  {
    id: 'answers-twice',
    find(situation) {
      const { received, expected, kind, program } = situation
      if (kind !== 'differs' || !expected || expected.length === 0) return undefined
      if (!received.equals(Buffer.concat([expected, expected]))) return undefined
      const writes = sourceOf(situation).split('\n').flatMap((line, index) => /\.write\(/.test(line) ? index + 1 : [])
      return writes.length > 1
        ? `your server sends everything twice: ${program?.file} writes in line ${writes.join(' and in line ')}`
        : 'your server sends everything twice: two handlers answer, or one is called twice'
    },
    wrong: [{
      lesson: 6, breaks: echo, says: 'your server sends everything twice: server.ts writes in line ',
      program: [change('server.ts', 'if (!conn.write(data))', 'conn.write(data)\n      if (!conn.write(data))')],
    }],
  },
]

const REPLACEMENT = Buffer.from('\ufffd')

const ROUND_TRIPS: readonly { how: string, back: (bytes: Buffer) => Buffer }[] = [
  { how: 'each byte from 80 on was read as one letter and written as two bytes', back: data => Buffer.from(data.toString('latin1'), 'utf8') },
  { how: 'what is no UTF-8 was replaced', back: data => Buffer.from(data.toString('utf8')) },
  { how: 'bytes from 80 on lost their highest bit', back: data => Buffer.from(data.toString('ascii'), 'latin1') },
]
