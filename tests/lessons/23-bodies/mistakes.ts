import { join } from 'node:path'
import { change } from '#workbook/check/change.ts'
import type { Mistake } from '#workbook/check/explain/mistake.ts'
import {
  asksForNothing, bodiless, continues, earlyEnds, heads, refusesBadSizes, sideBySide, unread,
} from './answers.ts'
import {
  backpressure, behaviours, chunksCut, counts, echoesChunked, echoesSized, ignoresExtensions, littleMemory,
  printsTrailers, escapesTrailers, streams,
} from './behaviours.ts'
import { breaksOffAfter, isAnswered, seenIn, sentBody } from './seen.ts'

const SIZE_LINE = '${piece.length.toString(16)}\\r\\n'
const LAST = 'conn.write(\'0\\r\\n\\r\\n\')'
const CONTINUE = 'conn.write(\'HTTP/1.1 100 Continue\\r\\n\\r\\n\')'
const WHOLE_CHUNK = 'yield* sized(size, incoming)\n'
const BEHIND = '    const end = await incoming.exactly(2, 2)\n'
const CHECKED = '    if (end.toString() !== \'\\r\\n\') throw new Refusal(\'a chunk ends with CR LF\')\n'
const EMPTY = '\'204 No Content\', { Connection: \'close\' }'
const SAME = 'conn.write(responseHead(\'304 Not Modified\', { Connection: \'close\' }))'

/** How a body was sent. */
const sending: readonly Mistake[] = [
  {
    id: 'page-for-everything',
    of: behaviours,
    find: ({ reason, received }) => /should be answered (?:in chunks|with the status (?:204|304|400))/.test(reason) && /<!doctype html/i.test(received.toString('latin1'))
      ? 'your server answers this request with its page, as it does every other one: look at the method and the target first'
      : undefined,
    wrong: [{ breaks: echoesSized, program: join(import.meta.dirname, '../../../code/22-a-request') }],
  },
  {
    id: 'size-in-decimal',
    of: behaviours,
    find({ reason, received }) {
      const { size, data } = seenIn(received)
      const isDecimal = /^\d{2,}$/.test(size) && data.toString('latin1', Number(size), Number(size) + 2) === '\r\n'
      return isDecimal && /chunk/.test(reason)
        ? `your server writes the size of a chunk in decimal, ${size}, and a client reads it as hexadecimal: toString(16) writes it as it has to be`
        : undefined
    },
    wrong: [{ breaks: echoesSized, program: [change('bodies.ts', SIZE_LINE, '${piece.length}\\r\\n')] }],
  },
  {
    id: 'size-in-letters',
    of: behaviours,
    find(situation) {
      const letters = sentBody(situation).body.toString().length
      const [, size = ''] = /^a chunk whose size is written '([\da-f]+)' has/i.exec(situation.reason) ?? []
      return Number.parseInt(size, 16) === letters
        ? `your server counts ${letters} letters, and the size of a chunk is a number of bytes: take the length of the Buffer, not of the string`
        : undefined
    },
    wrong: [{ breaks: echoesSized, program: [change('bodies.ts', SIZE_LINE, '${piece.toString().length.toString(16)}\\r\\n')] }],
  },
  {
    id: 'no-cr-lf-behind-data',
    of: behaviours,
    find({ reason }) {
      return /^a chunk whose size is written .* has \d+ bytes and CR LF behind them, and there stands '(?:0|[\da-f]+\\r\\n)/i.test(reason)
        ? 'your server sends the next size right behind the data of a chunk, and a CR LF belongs between them'
        : undefined
    },
    wrong: [{ breaks: echoesSized, program: [change('bodies.ts', 'conn.write(\'\\r\\n\')', 'conn.write(\'\')')] }],
  },
  {
    id: 'no-empty-line-at-the-end',
    of: behaviours,
    find: ({ reason }) => reason.includes('the empty line behind it is missing')
      ? 'your server sends the last chunk, 0 and CR LF, and not the empty line that ends the trailers, even when there are none: send 0\\r\\n\\r\\n'
      : undefined,
    wrong: [{ breaks: echoesSized, program: [change('bodies.ts', LAST, 'conn.write(\'0\\r\\n\')')] }],
  },
  {
    id: 'no-last-chunk',
    of: [echoesSized],
    find: situation => breaksOffAfter(situation)?.equals(sentBody(situation).body)
      ? 'the whole body comes back, and then the end of the connection: without the last chunk, the one of size 0, a client has to think that the rest got lost'
      : undefined,
    wrong: [{ breaks: echoesSized, program: [change('bodies.ts', `  ${LAST}\n`, '')] }],
  },
  {
    id: 'makes-text-of-a-body',
    of: [echoesSized, echoesChunked, counts],
    find: ({ received, expected }) => expected && received.includes(REPLACEMENT) && !expected.includes(REPLACEMENT)
      ? 'your server makes text of a body, and a body is bytes: what isn\'t UTF-8, such as a picture, has come back as ef bf bd. Keep the Buffer'
      : undefined,
    wrong: [{ breaks: echoesSized, program: [change('bodies.ts', 'yield piece\n', 'yield Buffer.from(piece.toString())\n')] }],
  },
]

/** How a body was read. */
const reading: readonly Mistake[] = [
  {
    id: 'no-chunks-known',
    of: [echoesChunked],
    find: ({ kind, received }) => kind === 'differs' && received.length === 0
      ? 'your server has sent back a body of no bytes: a body in chunks has no Content-Length, so look at Transfer-Encoding first'
      : undefined,
    wrong: [{ breaks: echoesChunked, program: [change('bodies.ts', 'coding ? chunked(incoming) : sized', 'sized')] }],
  },
  {
    id: 'case-of-the-coding',
    of: [echoesChunked],
    find: ({ peer }) => peer?.sent.includes(': Chunked')
      ? 'the name of a transfer coding is the same in capitals and small letters, and your server knows "chunked" but not "Chunked"'
      : undefined,
    wrong: [{ breaks: echoesChunked, program: [change('bodies.ts', 'fields.get(\'transfer-encoding\')?.toLowerCase()', 'fields.get(\'transfer-encoding\')')] }],
  },
  {
    id: 'size-read-as-decimal',
    of: [echoesChunked],
    find: situation => sentBody(situation).size === '10'
      ? 'the size "10" means sixteen bytes, because the size of a chunk is hexadecimal: parseInt needs 16 as its second argument'
      : undefined,
    wrong: [{ breaks: echoesChunked, program: [change('sizes.ts', 'parseInt(digits, 16)', 'parseInt(digits, 10)')] }],
  },
  {
    id: 'size-in-small-letters-only',
    of: [echoesChunked],
    find: situation => sentBody(situation).size === '1A'
      ? 'the letters of a hexadecimal number may be capitals: 1A is 1a, and your server refuses it'
      : undefined,
    wrong: [{ breaks: echoesChunked, program: [change('sizes.ts', ';.*)?$/i', ';.*)?$/')] }],
  },
  {
    id: 'cr-lf-not-skipped',
    of: [echoesChunked],
    find(situation) {
      const { size, data } = sentBody(situation)
      const first = data.subarray(0, Number.parseInt(size, 16))
      return breaksOffAfter(situation)?.equals(first)
        ? 'your server breaks off after the first chunk: a CR LF stands behind the data as well, and has to be read before the next size'
        : undefined
    },
    wrong: [{ breaks: echoesChunked, program: [change('bodies.ts', BEHIND + CHECKED, '')] }],
  },
  {
    id: 'piece-for-a-chunk',
    of: [chunksCut],
    find({ peer }) {
      const [first] = peer?.steps.flatMap(step => 'sent' in step ? step.sent : []) ?? []
      const sent = first && seenIn(first).raw.toString('latin1')
      return sent !== undefined && /(?:^10\r\n[^\r]{1,15}|\r\n5\r\n[^\r]{1,4})$/.test(sent)
        ? 'a chunk was cut in the middle of its data, and your server has taken the first part for all of it: go on until as many bytes have come as its size says'
        : undefined
    },
    wrong: [{ breaks: chunksCut, program: [change('bodies.ts', WHOLE_CHUNK, 'yield await incoming.some(size)\n')] }],
  },
  {
    id: 'no-extensions',
    of: [ignoresExtensions],
    find: situation => isAnswered(situation, 400) || breaksOffAfter(situation)
      ? 'your server refuses a chunk whose size is followed by a semicolon: what stands behind it is an extension, which may be passed over but not taken for a mistake'
      : undefined,
    wrong: [{ breaks: ignoresExtensions, program: [change('sizes.ts', '(?:[ \\t]*;.*)?$', '$')] }],
  },
  {
    id: 'ends-before-the-trailers',
    of: [printsTrailers],
    find: ({ kind }) => kind === 'no-line'
      ? 'your server stops at the chunk of size 0: fields may follow it, one a line, and the body ends at the empty line behind them'
      : undefined,
    wrong: [{ breaks: printsTrailers, program: [change('bodies.ts', 'if (size === 0) break', 'if (size === 0) return')] }],
  },
  {
    id: 'prints-raw-trailers',
    of: [escapesTrailers],
    find: ({ kind }) => kind === 'output'
      ? 'a trailer comes from a stranger, and your server prints it as it is, for a terminal to obey: printable shows it instead'
      : undefined,
    wrong: [{ breaks: escapesTrailers, program: [change('bodies.ts', '${printable(trailer)}', '\'${trailer}\'')] }],
  },
  {
    id: 'collects-the-body',
    of: [streams],
    find: ({ reason }) => /half a chunk$/.test(reason)
      ? 'your server waits for a whole chunk, and a chunk may be a gigabyte: pass on what is there, as incoming.some gives it'
      : reason.startsWith('the first part of a body')
        ? 'your server collects a body before it sends any of it back: that costs memory, and a client that waits for the first part would wait for ever'
        : undefined,
    wrong: [
      {
        breaks: streams, says: 'your server collects a body',
        program: [change('bodies.ts', '  for await (const piece of body) {\n', '  const pieces: Buffer[] = []\n  for await (const piece of body) pieces.push(piece)\n  for (const piece of pieces) {\n')],
      },
      {
        name: 'a-chunk', breaks: streams, says: 'your server waits for a whole chunk',
        program: [change('bodies.ts', WHOLE_CHUNK, 'yield await incoming.exactly(size, Infinity)\n')],
      },
    ],
  },
  {
    id: 'never-waits-for-drain',
    of: [backpressure],
    find: ({ kind }) => kind === 'memory'
      ? 'your server goes on reading a body whose echo is not taken, and keeps the echo in memory: when write returns false, wait for drain before you ask for the next piece'
      : undefined,
    wrong: [{ breaks: backpressure, program: [change('bodies.ts', '    if (!room) await once(conn, \'drain\')\n', '')] }],
  },
  {
    id: 'keeps-what-it-has-sent',
    of: [littleMemory],
    find: ({ kind }) => kind === 'memory'
      ? 'the memory of your server grows with the body, though each piece is sent on: something holds on to the pieces that it no longer needs'
      : undefined,
    wrong: [{
      breaks: littleMemory,
      program: [
        change('bodies.ts', 'const LINE = 4096', 'const LINE = 4096\nconst seen: Buffer[] = []'),
        change('bodies.ts', 'left -= piece.length\n', 'left -= piece.length\n    seen.push(piece)\n'),
      ],
    }],
  },
  {
    id: 'shares-one-number',
    of: [sideBySide],
    find: ({ kind, program }) => program?.running && ['differs', 'closed', 'silence', 'other'].includes(kind)
      ? 'one upload alone comes back, and two at once do not: what your server remembers of a body lives outside the function that reads it, and both uploads use it'
      : undefined,
    wrong: [{
      breaks: sideBySide,
      program: [
        change('bodies.ts', 'const LINE = 4096', 'const LINE = 4096\nlet left = 0'),
        change('bodies.ts', 'for (let left = length;', 'for (left = length;'),
      ],
    }],
  },
]

/** What was said beside a body, or in place of one. */
const answering: readonly Mistake[] = [
  {
    id: 'continues-unasked',
    of: behaviours,
    find: situation => isAnswered(situation, 100) && !/^expect:/im.test(situation.peer?.sent.toString('latin1') ?? '')
      ? 'your server says 100 Continue to a client that has not asked: it is for one that sends Expect: 100-continue, and an older one takes it for the answer'
      : undefined,
    wrong: [{ breaks: echoesSized, program: [change('bodies.ts', 'if (fields.get(\'expect\')?.toLowerCase() === \'100-continue\')', 'if (fields)')] }],
  },
  {
    id: 'continues-too-soon',
    of: [asksForNothing],
    find: situation => isAnswered(situation, 100)
      ? 'your server says 100 Continue before it knows whether it wants the body: say it when you begin to read one, and not to a client whose body is not read'
      : undefined,
    wrong: [{
      breaks: asksForNothing,
      program: [
        change('bodies.ts', CONTINUE, ''),
        change('server.ts', '    await answer(', `    if (request.fields.has('expect')) ${CONTINUE}\n    await answer(`),
      ],
    }],
  },
  {
    id: 'expects-small-letters',
    of: [continues],
    find: ({ kind, peer }) => ['silence', 'other'].includes(kind) && peer?.sent.includes('100-Continue')
      ? 'the value of Expect is the same in capitals and small letters, and your server knows "100-continue" but not "100-Continue"'
      : undefined,
    wrong: [{ breaks: continues, program: [change('bodies.ts', 'fields.get(\'expect\')?.toLowerCase()', 'fields.get(\'expect\')')] }],
  },
  {
    id: 'continues-after-the-head',
    of: [continues],
    find: situation => /with the status 100\b/.test(situation.reason) && isAnswered(situation, 200)
      ? 'your server begins its answer before it has said 100 Continue, which then stands in the middle of it: ask for the body first. An async generator does nothing until its first piece is asked for'
      : undefined,
    wrong: [{
      breaks: continues,
      program: [
        change('bodies.ts', 'export function bodyOf', 'export async function* bodyOf'),
        change('bodies.ts', 'return coding ?', 'yield* coding ?'),
      ],
    }],
  },
  {
    id: 'never-continues',
    of: [continues],
    find: ({ mute }) => mute
      ? 'the client has asked whether it may send its body, your server waits for that body, and each waits for the other: say HTTP/1.1 100 Continue first'
      : undefined,
    wrong: [{ breaks: continues, program: [change('bodies.ts', CONTINUE, '')] }],
  },
  {
    id: 'continues-without-an-end',
    of: [continues],
    find: ({ reason, received }) => reason.includes('has no end') && received.toString('latin1').startsWith('HTTP/1.1 100')
      ? '100 Continue is a whole response with a head of its own, and an empty line has to end it: send another \\r\\n'
      : undefined,
    wrong: [{ breaks: continues, program: [change('bodies.ts', '100 Continue\\r\\n\\r\\n', '100 Continue\\r\\n')] }],
  },
  {
    id: 'stops-reading',
    of: [unread],
    find: ({ reason }) => reason.includes('does not read on')
      ? 'your server has answered and stopped reading, and a client that sends all it has before it reads would be cut off: '
      + 'take the iterator\'s listener away before conn.resume()'
      : undefined,
    wrong: [{ breaks: unread, program: [change('listen.ts', '.removeAllListeners(\'readable\').resume()', '.resume()')] }],
  },
  {
    id: 'body-after-head',
    of: [heads],
    find: ({ reason }) => reason.includes('behind a head that is all of its answer')
      ? 'a HEAD asks for the head alone, and your server has sent the page behind it: the length says how long the page would be'
      : undefined,
    wrong: [{ breaks: heads, program: [change('answers.ts', 'if (!isHead) conn.write(body)', 'conn.write(body)')] }],
  },
  {
    id: 'another-length-for-head',
    of: [heads],
    find({ reason }) {
      const [, said = '', wanted = ''] = /'Content-Length: (\d+)' is in it, where GET gets 'Content-Length: (\d+)'/i.exec(reason) ?? []
      if (said === '') return undefined
      return Number(said) === Number(wanted) + 1
        ? 'the page shows the method, and HEAD has a letter more than GET: make the page that a GET would get, and say how long that one is'
        : 'the Content-Length for a HEAD is the length of the body that a GET would get, though no body is sent'
    },
    wrong: [
      { breaks: heads, says: 'the page shows the method', program: [change('answers.ts', 'pageFor({ ...request, method })', 'pageFor(request)')] },
      { name: 'zero', breaks: heads, says: 'the Content-Length for a HEAD', program: [change('answers.ts', '\'text/html\', page, isHead', '\'text/html\', isHead ? \'\' : page, isHead')] },
    ],
  },
  {
    id: 'length-on-204',
    of: [bodiless],
    find: ({ reason }) => reason.startsWith('a response 204 has no body')
      ? 'a 204 has no body by definition, so a length of 0 says nothing and is forbidden: leave Content-Length out'
      : undefined,
    wrong: [{ breaks: bodiless, program: [change('answers.ts', EMPTY, EMPTY.replace('{', '{ \'Content-Length\': 0,'))] }],
  },
  {
    id: 'body-on-304',
    of: [bodiless],
    find: ({ reason }) => reason.includes('behind a head that is all of its answer')
      ? 'a 204 and a 304 end with their empty line whatever their fields say, and a client takes what your server sends behind it for something else'
      : undefined,
    wrong: [{ breaks: bodiless, program: [change('answers.ts', SAME, 'respond(conn, \'304 Not Modified\', \'text/plain\', \'It is the same\\n\')')] }],
  },
  {
    id: 'takes-half-a-number',
    of: [refusesBadSizes],
    find: ({ reason }) => /"5x" should be answered with the status 400/.test(reason)
      ? 'parseInt reads as far as it can, and takes "5x" for 5: look at all of the text before you make a number of it'
      : undefined,
    wrong: [{
      breaks: refusesBadSizes,
      program: [change('sizes.ts', '  if (!LENGTH.test(value)) throw new Refusal(\'a length is a number of bytes\')\n', '')],
    }],
  },
  {
    id: 'skips-any-two',
    of: [refusesBadSizes],
    find: ({ reason }) => reason.startsWith('a chunk with other bytes behind it')
      ? 'your server skips two bytes behind the data of a chunk, whatever they are: if they aren\'t CR LF, the size was wrong, and so is all that follows'
      : undefined,
    wrong: [{ breaks: refusesBadSizes, program: [change('bodies.ts', CHECKED, '')] }],
  },
  {
    id: 'refuses-in-the-middle',
    of: [earlyEnds],
    find: ({ reason }) => /there comes '(?:HTTP\/1\.1|[^']*HTTP\/1\.1 400)/.test(reason)
      ? 'your server says 400 in the middle of a body that it has begun to send, and the client takes that for a chunk: once the head is out, all you can do is end without the last chunk'
      : undefined,
    wrong: [{ breaks: earlyEnds, program: [change('answers.ts', '    console.log(`Broken off: ${error.message}`)\n', '    throw error\n')] }],
  },
  {
    id: 'ends-as-if-whole',
    of: [earlyEnds],
    find: ({ reason }) => /there comes '0\\r\\n/.test(reason)
      ? 'half of a body has come, and your server ends its echo with the last chunk, as if that were all: without that chunk the client knows that something is missing'
      : undefined,
    wrong: [{ breaks: earlyEnds, program: [change('answers.ts', '    console.log(`Broken off: ${error.message}`)\n', `    console.log(\`Broken off: \${error.message}\`)\n    ${LAST}\n`)] }],
  },
]

const REPLACEMENT = Buffer.from('\ufffd')

/** What goes wrong in lesson 23. */
export const mistakes: readonly Mistake[] = [...sending, ...reading, ...answering]
