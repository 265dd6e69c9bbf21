import { change } from '#workbook/check/change.ts'
import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { sourcesOf, type Situation } from '#workbook/check/explain/situation.ts'
import {
  anySplit, aSize, aText, byteByByte, earlyEnd, linear, noSuchWord, severalInOnePiece, theRest, tooLong, twoClients,
} from './behaviours.ts'
import { DELIMITER, head, messagesIn, MOST, shown, toldIn } from './messages.ts'
import { cutOf, firstWrong, isLike, lastLine, PATIENCE, probe, PROBE } from './seen.ts'

const UNTIL = 'return await incoming.until(\'\\r\\n\\r\\n\', MOST)'
const TAKES_DELIMITER = '        this.buffer.take(delimiter.length)\n'
const SEARCHED = 'searched = Math.max(0, waiting.length - delimiter.length + 1)'
const LIMIT = '      if (searched > most) throw tooLong(most)\n'
const FOR_WORDS = '      if (searched > most && most < 100) throw tooLong(most)\n'
const TAKES_VIEW = 'const taken = this.waiting.subarray(0, size)\n    this.start += taken.length'

const known: readonly Mistake[] = [
  {
    id: 'overwrites-what-it-gave',
    of: [aText, aSize],
    find(situation) {
      const { peer, received } = situation
      if (!peer) return undefined
      const { sent } = peer
      // The word has been replaced by what stood behind it and its CR LF.
      const behind = sent.toString('latin1', 6, 10)
      const isRefused = received.toString('latin1').startsWith('Refused: ') && received.includes(`'${behind}'`)
      return isRefused && !sent.toString('latin1').startsWith(behind)
        ? `your server reads "${behind}" where the word stood: a subarray shares its memory with the buffer it was cut from, `
        + 'and moving the rest to the front overwrites what was just taken'
        : undefined
    },
    wrong: [{
      breaks: aText,
      program: [change('growing-buffer.ts', TAKES_VIEW, `const taken = this.waiting.subarray(0, size)
    this.room.copyWithin(0, this.start + size, this.end)
    this.end -= taken.length`)],
    }],
  },
  {
    id: 'keeps-the-delimiter',
    of: [aText, severalInOnePiece, anySplit],
    find(situation) {
      const { wanted, told } = firstWrong(situation)
      if (wanted?.kind !== 'text' || !told || !isLike(told, Buffer.concat([wanted.body, Buffer.from(DELIMITER)]))) return undefined
      return 'your server counts the CR LF CR LF as part of the message: it only says where the message ends, so take it out of the buffer and drop it'
    },
    wrong: [{
      breaks: aText,
      program: [
        change('server.ts', 'switch (word.toString())', 'switch (word.toString().trim())'),
        change('incoming.ts', 'this.buffer.take(at)', 'this.buffer.take(at + delimiter.length)'),
        change('incoming.ts', TAKES_DELIMITER, ''),
      ],
    }],
  },
  {
    id: 'leaves-the-delimiter',
    of: [aText, aSize, theRest, severalInOnePiece, anySplit],
    find(situation) {
      const { wanted, told } = firstWrong(situation)
      if (!wanted || !told || !isLike(told, Buffer.concat([Buffer.from('\r\n'), wanted.body]))) return undefined
      return 'the CR LF that ended the word is still in the buffer, and comes out in front of the message: take the delimiter out as well'
    },
    wrong: [{ breaks: aText, program: [change('incoming.ts', TAKES_DELIMITER, '')] }],
  },
  {
    id: 'counts-letters',
    of: [aText, aSize, theRest, anySplit],
    find(situation) {
      const { wanted, told } = firstWrong(situation)
      if (!wanted || !told) return undefined
      const letters = wanted.body.toString('utf8')
      if (told.shown.includes(LOST_BYTE) && !shown(wanted.body).includes(LOST_BYTE)) {
        return 'your server turns what arrives into text, and bytes that aren\'t UTF-8 don\'t survive that: collect Buffers, and leave them as they are'
      }
      if (told.size === letters.length && told.size !== wanted.body.length) {
        return 'your server counts letters, and a length is a number of bytes: é is one letter and two bytes. Take the length of the Buffer, not of the string'
      }
      return told.shown === shown(wanted.body, 'utf8') && told.size === wanted.body.length && told.shown !== shown(wanted.body)
        ? 'your server reads the message as UTF-8 to print it, and a message can hold any byte: latin1 makes one letter of each'
        : undefined
    },
    wrong: [
      { breaks: aText, says: 'your server counts letters', program: [change('server.ts', '${message.length} bytes', '${message.toString().length} bytes')] },
      { name: 'shows-utf8', breaks: aText, says: 'your server reads the message as UTF-8', program: [change('listen.ts', 'data.toString(\'latin1\')', 'data.toString()')] },
      { name: 'collects-text', breaks: aSize, says: 'your server turns what arrives into text', program: [change('incoming.ts', 'this.buffer.add(piece)', 'this.buffer.add(Buffer.from(piece.toString()))')] },
    ],
  },
  {
    id: 'length-backwards',
    of: [aSize, severalInOnePiece, anySplit],
    find(situation) {
      const { received, mute } = situation
      const { wanted } = firstWrong(situation)
      if (wanted?.kind !== 'size') return undefined
      const backwards = Buffer.from(head(wanted).subarray(-4)).readUInt32LE()
      if (backwards === wanted.body.length) return undefined
      const line = lastLine(received)
      const isNamed = line.replace(/(?<=\d)[,_. ](?=\d{3})/g, '').includes(String(backwards))
      // A refusal that names no number, or a server that waits for so many bytes: then the source has to say it.
      if (line.startsWith('Refused: ') ? !isNamed && !readsLittle(situation) : !mute || !readsLittle(situation)) return undefined
      return `your server reads a length of ${backwards} where ${wanted.body.length} was sent: the four bytes come with the big end first, as readUInt32BE reads them`
    },
    wrong: [{ breaks: aSize, program: [change('server.ts', 'readUInt32BE', 'readUInt32LE')] }],
  },
  {
    id: 'part-of-the-length',
    of: [aSize],
    find(situation) {
      const { wanted, told } = firstWrong(situation)
      const size = wanted?.body.length ?? 0
      const bytes = [1, 2, 3].find(count => told?.size === size % 256 ** count)
      if (wanted?.kind !== 'size' || bytes === undefined) return undefined
      return `your server reads a length of ${told?.size} where ${size} was sent: only ${bytes === 1 ? 'the last' : `the last ${bytes}`} of its four bytes `
        + `${bytes === 1 ? 'is' : 'are'} looked at`
    },
    wrong: [
      { breaks: aSize, says: 'your server reads a length of 0 where 256 was sent', program: [change('server.ts', 'length.readUInt32BE()', 'length.readUInt8(3)')] },
      { name: 'two-bytes', breaks: aSize, program: [change('server.ts', 'length.readUInt32BE()', 'length.readUInt16BE(2)')] },
    ],
  },
  {
    id: 'does-not-wait-for-all',
    of: [aSize, theRest],
    find(situation) {
      const { wanted, told } = firstWrong(situation)
      if (!wanted || !told || told.size >= wanted.body.length) return undefined
      if (!isLike(told, wanted.body.subarray(0, told.size))) return undefined
      return wanted.kind === 'rest'
        ? `your server takes ${told.size} bytes for all the rest, and ${wanted.body.length} were sent: the rest is over when the loop over the pieces is`
        : `your server takes a message of ${wanted.body.length} bytes when only ${told.size} have arrived: it has to wait for more, and more than once`
    },
    wrong: [
      {
        breaks: aSize, says: 'your server takes a message of',
        program: [change('incoming.ts', 'while (this.buffer.waiting.length < size) await', 'if (this.buffer.waiting.length < size) await')],
      },
      {
        name: 'rest', breaks: theRest, says: 'your server takes ',
        program: [change('incoming.ts', 'if (!await this.more()) return this.buffer.take(most)', 'await this.more()\n      return this.buffer.take(most)')],
      },
    ],
  },
  {
    id: 'throws-the-rest-away',
    of: [aText, severalInOnePiece],
    async find(situation) {
      const probed = await probe(situation)
      if (probed === undefined) return undefined
      const { count, shown } = probed
      if (count === '1' && shown.startsWith('\'text\\r\\n')) {
        return 'your server waits for a text that it has been sent already: what came in the same piece as the word was thrown away with it. Keep it for the message'
      }
      if (shown === `'${PROBE}'`) {
        return 'what follows a message in the same piece is lost: it belongs to the next message, so take out of the buffer only what the message and its end take up'
      }
      return 'the next message is there already, and your server waits for another piece before it looks: search what is left in the buffer first, and wait only if that isn\'t enough'
    },
    wrong: [
      { breaks: aText, says: 'your server waits for a text', program: [change('incoming.ts', TAKES_DELIMITER, '        this.buffer.take(Infinity)\n')] },
      {
        name: 'after-a-message', breaks: severalInOnePiece, says: 'what follows a message in the same piece is lost',
        program: [change('server.ts', UNTIL, `{
        const message = await incoming.until('\\r\\n\\r\\n', MOST)
        await incoming.exactly(0, 0)
        incoming.buffer.take(Infinity)
        return message
      }`)],
      },
      {
        name: 'waits-for-a-piece', breaks: severalInOnePiece, says: 'the next message is there already',
        program: [change('incoming.ts', 'return this.buffer.waiting.length === 0 && !await this.more()', 'return !await this.more()')],
      },
    ],
  },
  {
    id: 'searches-the-new-piece-only',
    of: [anySplit],
    find(situation) {
      const part = cutOf(situation)
      return part?.delimits
        ? `it goes wrong when a piece ends in the middle of ${part.name}: your server searches what has just arrived, and the delimiter began in the piece before`
        : undefined
    },
    wrong: [{
      breaks: anySplit,
      program: [change('incoming.ts', SEARCHED, 'searched = waiting.length')],
    }],
  },
  {
    id: 'takes-a-piece-for-all',
    of: [anySplit],
    find(situation) {
      const part = cutOf(situation)
      return part && !part.delimits
        ? `it goes wrong when a piece ends in the middle of ${part.name}: your server takes what has arrived for all of it, and the rest may come later`
        : undefined
    },
    wrong: [
      {
        breaks: anySplit, says: 'it goes wrong when a piece ends in the middle of the word',
        program: [change('incoming.ts', '      searched = Math.max', '      if (waiting.length > 0) return this.buffer.take(waiting.length)\n      searched = Math.max')],
      },
      {
        name: 'length', breaks: anySplit, says: 'it goes wrong when a piece ends in the middle of the four bytes',
        program: [change('incoming.ts', 'while (this.buffer.waiting.length < size) await', 'while (this.buffer.waiting.length < size && (size !== 4 || this.buffer.waiting.length === 0)) await')],
      },
    ],
  },
  {
    id: 'searches-the-last-two',
    of: [byteByByte],
    async find(situation) {
      const { mute, peer } = situation
      if (!mute || !peer) return undefined
      await peer.send(DELIMITER)
      await peer.anything(PATIENCE)
      return toldIn(peer.pending).length > 0
        ? 'the CR LF CR LF came in four pieces, and your server overlooked it; one that came in a single piece it found. '
        + 'Don\'t search the last piece or two: search all that has been collected'
        : undefined
    },
    wrong: [{
      breaks: byteByByte,
      program: [
        change('incoming.ts', SEARCHED, 'searched = this.newest'),
        change('incoming.ts', 'private readonly pieces: AsyncIterator<Buffer>', 'private newest = 0\n  private readonly pieces: AsyncIterator<Buffer>'),
        change('incoming.ts', 'if (!done) this.buffer', 'this.newest = this.buffer.waiting.length\n    if (!done) this.buffer'),
      ],
    }],
  },
  {
    id: 'one-buffer-for-all',
    of: [twoClients],
    find(situation) {
      const { peers, received, peer } = situation
      const others = peers.filter(other => other !== peer).flatMap(({ sent }) => messagesIn(sent)).map(({ body }) => body.toString('latin1', 0, 4))
      return others.some(word => received.includes(word))
        ? 'one client was told what the other had sent: your server collects for both in the same buffer, and each connection needs its own'
        : 'each client alone is served well, and two at a time get in each other\'s way: what belongs to a connection, such as its buffer, has to be made for each one'
    },
    wrong: [{
      breaks: twoClients,
      program: [
        change('incoming.ts', 'export class Refusal', 'const buffer = new GrowingBuffer()\n\nexport class Refusal'),
        change('incoming.ts', 'private readonly buffer = new GrowingBuffer()', 'private readonly buffer = buffer'),
      ],
    }],
  },
  {
    id: 'takes-the-end-for-a-delimiter',
    of: [earlyEnd],
    find({ received }) {
      return toldIn(received).length > 0 && !received.includes('Refused: ')
        ? 'your server takes the end of the connection for the end of the message: only a rest ends that way, and any other message is then only half there'
        : undefined
    },
    wrong: [{
      breaks: earlyEnd,
      program: [change('incoming.ts', '      await this.expectMore()\n    }', '      if (!await this.more()) return this.buffer.take(most)\n    }')],
    }],
  },
  {
    id: 'waits-after-the-end',
    of: [earlyEnd],
    find: ({ mute }) => mute
      ? 'the client has ended its side, and your server still waits for more: nothing more can come, so whatever waits has to be told of the end'
      : undefined,
    wrong: [{
      breaks: earlyEnd,
      program: [change('incoming.ts', 'throw new Refusal(\'the end came too early\')', 'await new Promise(() => {})')],
    }],
  },
  {
    id: 'ends-without-a-word',
    of: [earlyEnd],
    find: ({ kind }) => kind === 'closed'
      ? 'your server does notice the end that came too early, and says nothing of it: the client can still read, and should be told'
      : undefined,
    wrong: [{
      breaks: earlyEnd,
      program: [change('server.ts', 'if (!(error instanceof Refusal)) throw error', 'if (!(error instanceof Refusal)) throw error\n    if (error.message.includes(\'early\')) return')],
    }],
  },
  {
    id: 'more-with-each-piece',
    of: [linear],
    find: ({ kind }) => kind === 'other'
      ? 'the longer a text is, the more each of its pieces costs: is all that has been collected searched or copied again for every piece, '
      + 'as Buffer.concat does?'
      : undefined,
    wrong: [
      {
        breaks: linear,
        program: [
          change('growing-buffer.ts', `    if (this.end + piece.length > this.room.length) {
      const { waiting } = this
      this.room = Buffer.alloc(4096 + 2 * (waiting.length + piece.length))
      this.end = waiting.copy(this.room)
      this.start = 0
    }
    this.end += piece.copy(this.room, this.end)
`, `    this.room = Buffer.concat([this.waiting, piece])
    this.end = this.room.length
    this.start = 0
`),
          change('incoming.ts', '      searched = Math.max(0, waiting.length - delimiter.length + 1)\n      if (searched > most)', '      if (waiting.length - delimiter.length >= most)'),
        ],
      },
      {
        name: 'no-room-to-spare', breaks: linear,
        program: [change('growing-buffer.ts', '4096 + 2 * (waiting.length + piece.length)', 'waiting.length + piece.length')],
      },
    ],
  },
  {
    id: 'no-limit',
    of: [noSuchWord, tooLong],
    find(situation) {
      const { kind, peer, behaviour } = situation
      // A word that has its CR LF is another matter.
      if (kind !== 'silence' || (behaviour === noSuchWord && peer?.sent.includes('\r\n'))) return undefined
      return PIECE_RE.test(sourcesOf(situation))
        ? 'your server compares the size of one piece with the limit, and no piece is that long: what counts is all that has been collected'
        : 'your server goes on collecting, and any client can fill its memory: compare what has been collected, and what a client announces, with the most that you want to keep'
    },
    wrong: [
      { breaks: noSuchWord, says: 'your server goes on collecting', program: [change('incoming.ts', LIMIT, '')] },
      { name: 'text', breaks: tooLong, says: 'your server goes on collecting', program: [change('incoming.ts', LIMIT, FOR_WORDS)] },
      { name: 'size', breaks: tooLong, says: 'your server goes on collecting', program: [change('incoming.ts', '    if (size > most) throw tooLong(most, size)\n', '')] },
      {
        name: 'each-piece', breaks: tooLong, says: 'your server compares the size of one piece',
        program: [
          change('incoming.ts', LIMIT, FOR_WORDS),
          change('incoming.ts', 'if (!done) this.buffer.add(piece)', 'if (piece?.length > 16777216) throw tooLong(16777216)\n    if (!done) this.buffer.add(piece)'),
        ],
      },
    ],
  },
  {
    id: 'refuses-the-most',
    of: [tooLong],
    find({ received, peer }) {
      const exact = peer && messagesIn(peer.sent)[0]?.body.length === MOST
      return exact && received.toString('latin1').startsWith('Refused: ')
        ? 'a message of exactly 16777216 bytes is refused, and it may have that many: is there a < where <= is meant?'
        : undefined
    },
    wrong: [{ breaks: tooLong, program: [change('incoming.ts', 'at <= most', 'at < most')] }],
  },
  {
    id: 'answer-lost-in-a-reset',
    of: [tooLong],
    find: ({ kind }) => kind === 'broke'
      ? 'your server closes the connection while the client is still sending: the kernel answers what nobody has read with a reset, '
      + 'and your last line can be lost with it. End your side, and read on for a moment'
      : undefined,
    wrong: [{
      breaks: tooLong,
      program: [change('server.ts', 'conn.write(`Refused: ${error.message}\\r\\n`)', 'conn.end(`Refused: ${error.message}\\r\\n`, () => conn.destroy())')],
    }],
  },
]

/** Servers that find other messages than were sent, in lesson 21. A program that has ended has another mistake. */
export const mistakes: readonly Mistake[] = known.map(mistake => ({
  ...mistake, find: situation => situation.program?.running ? mistake.find(situation) : undefined,
}))

// What stands, as latin1, for the sign that stands for what is no UTF-8.
const LOST_BYTE = '\u00ef\u00bf\u00bd'
const LITTLE_RE = /\.readU?Int32LE\(|\.getU?[iI]nt32\([^)]*true/
const PIECE_RE = /\b(?:piece|chunk|data)\??\.(?:length|byteLength) >=? (?:\w*most|\w*limit|max|\d)/i

function readsLittle(situation: Situation): boolean {
  return LITTLE_RE.test(sourcesOf(situation))
}
