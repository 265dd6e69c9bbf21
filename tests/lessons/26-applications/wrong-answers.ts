import { change } from '#workbook/check/change.ts'
import type { Mistake } from '#workbook/check/explain/mistake.ts'
import type { Situation } from '#workbook/check/explain/situation.ts'
import {
  bodilessAnswers, continuesForApps, framesBodies, handsBack, headersKeepBytes, limitsBodies, oldClients,
} from './answers.ts'
import { breaksOff, clientVanishes, refusesWrongResponses, survivesThrows } from './faults.ts'
import { saysHello } from './requests.ts'
import { leavesBodies, waitsForApps } from './turns.ts'

const CALL = 'await app(session, appRequest(exchange), bodies)'
const LOGGED = '    console.log(`The application failed: ${words(error)}`)\n'
const THROWN = 'throw new Refusal(\'500 Internal Server Error\', \'the application failed\')'

/** What becomes of an answer. */
export const answering: readonly Mistake[] = [
  {
    id: 'does-not-wait-for-the-application',
    of: [waitsForApps],
    find: ({ program }) => program?.output.seen.some(line => line.includes('not Promise {'))
      ? 'an async application returns a promise, and your server takes that for its response: await it'
      : undefined,
    wrong: [{ breaks: waitsForApps, program: [change('answer.ts', CALL, CALL.replace('await ', ''))] }],
  },
  {
    id: 'trusts-a-body-that-broke',
    of: [leavesBodies],
    find: ({ reason }) => reason.includes('the application has caught the error, and the server goes on')
      ? 'a body broke off with an error, and when it is read again it seems to be over: a generator that has thrown is done. Keep the error, and throw it again'
      : undefined,
    wrong: [{ breaks: leavesBodies, program: [change('request-body.ts', '      this.failure = error\n', '')] }],
  },
  {
    id: 'sends-an-empty-chunk',
    of: [framesBodies],
    find: ({ reason }) => /^the sizes of the chunks of .* should be \[ 6, 7 \], and is \[ 6 \]/.test(reason)
      ? 'a piece of no bytes has become a chunk of size 0, and that is the last one: pass over empty pieces'
      : undefined,
    wrong: [{ breaks: framesBodies, program: [change('send.ts', 'if (piece.length > 0) yield', 'yield')] }],
  },
  {
    id: 'sends-what-is-there-later',
    of: [framesBodies],
    find: ({ reason }) => /^the body of a \w+ \(reused\) should be/.test(reason)
      ? 'an application has yielded one buffer twice, with other bytes in it, and your server has sent the second ones in place of the first: a write may wait, so copy a piece before you ask for the next'
      : undefined,
    wrong: [{ breaks: framesBodies, program: [change('send.ts', 'Buffer.from(piece)', 'Buffer.from(piece.buffer, piece.byteOffset, piece.length)')] }],
  },
  {
    id: 'bytes-counted-as-letters',
    of: [framesBodies],
    find: ({ reason }) => /^the body for an application that answers with the bytes .*, and is 'Hasta mañan'$/.test(reason)
      ? 'a body of 13 bytes, in which an ñ takes two, counts as 12: your server counts letters, and a length is a number of bytes'
      : undefined,
    wrong: [{ breaks: framesBodies, program: [change('check-response.ts', 'return body.length\n', 'return isSized ? body.length : Buffer.from(body as Uint8Array).toString().length\n')] }],
  },
  {
    id: 'forgets-the-length-of-a-body',
    of: [handsBack],
    find: ({ reason }) => /^the length of a body that is handed back should be '\d+', and is undefined/.test(reason)
      ? 'a body has come with a length, and the application gets it without: wrap it in a Body, so that it can be handed on as it came'
      : undefined,
    wrong: [{ breaks: handsBack, program: [change('app-request.ts', 'body.length === \'chunked\'\n    ? new ChunkedBody(pieces) : new Body(pieces, body.length)', 'new ChunkedBody(pieces)')] }],
  },
  {
    id: 'head-before-the-first-piece',
    of: [limitsBodies],
    find: ({ kind, reason }) => kind === 'closed' && /says \d+, and 0 bytes have come/.test(reason)
      ? 'your server has sent the head, and only then seen that there is no body to send: ask for the first piece before the head goes out, and what fails there can still have a status of its own'
      : undefined,
    wrong: [{ breaks: limitsBodies, program: [change('send.ts', 'await begun(piecesOf(body, length, conn))', 'piecesOf(body, length, conn)')] }],
  },
  {
    id: 'limit-cannot-be-raised',
    of: [limitsBodies],
    find: ({ reason }) => /to \/raised should be answered with the status 200, and is with 'HTTP\/1\.1 413/.test(reason)
      ? 'an application has raised the limit of a body before it read it, and the old one still holds: look at limit when the first piece is asked for'
      : undefined,
    wrong: [{ breaks: limitsBodies, program: [change('app-request.ts', 'body.read(conn, stream.limit)', 'body.read(conn, LIMITS.body)')] }],
  },
  {
    id: 'bodies-without-a-limit',
    of: [limitsBodies],
    find: ({ reason }) => /should be answered with the status 413, and is with 'HTTP\/1\.1 200/.test(reason)
      ? 'a body of any size gets through to an application that has not asked for that: a client may fill the memory of one that collects it'
      : undefined,
    wrong: [{ breaks: limitsBodies, program: [change('app-request.ts', '{ limit: LIMITS.body }', '{ limit: Infinity }')] }],
  },
  {
    id: 'continues-for-nobody',
    of: [continuesForApps],
    find: ({ reason }) => /is with 'HTTP\/1\.1 100/.test(reason)
      ? 'your server says 100 Continue before it knows whether the application wants the body, and the client sends all of it for nothing: say it when the first piece is asked for'
      : undefined,
    wrong: [{
      breaks: continuesForApps,
      program: [
        change('request-body.ts', '      if (this.asks) conn.write(\'HTTP/1.1 100 Continue\\r\\n\\r\\n\')\n', ''),
        change('app-request.ts', '  const pieces: Pieces', '  if (exchange.request.fields.has(\'expect\')) conn.write(\'HTTP/1.1 100 Continue\\r\\n\\r\\n\')\n  const pieces: Pieces'),
        change('app-request.ts', 'function streamOf({ body, conn }: Exchange)', 'function streamOf(exchange: Exchange)'),
        change('app-request.ts', '  if (body.length === 0) return null', '  const { body, conn } = exchange\n  if (body.length === 0) return null'),
      ],
    }],
  },
  {
    id: 'no-length-for-a-head',
    of: [saysHello, bodilessAnswers],
    find: ({ reason }) => /^Content-Length for (?:HEAD|GET) \/\S* should be '7', and is '0'|^the head that a HEAD gets should be .*content-length: 12.*, and is .*content-length: 0/s.test(reason)
      ? 'your server counts the body that isn\'t sent and says 0: for a HEAD and a 304 the length is that of the body which a GET would have got, and only the application knows it'
      : undefined,
    wrong: [{ breaks: saysHello, program: [change('send.ts', 'isBodiless ? fields : { ...fields, ...NOTHING }', 'status === 204 ? fields : { ...fields, ...NOTHING }')] }],
  },
  {
    id: 'remembers-the-head',
    of: [bodilessAnswers],
    find: ({ kind, reason }) => kind === 'closed' && /Content-Length says \d+, and 0 bytes have come/.test(reason)
      ? 'your server still thinks of the HEAD before, and refuses what it can\'t read without a body: forget the last request before you read the next'
      : undefined,
    wrong: [{ breaks: bodilessAnswers, program: [change('server.ts', '      request = undefined\n', '')] }],
  },
  {
    id: 'chunks-for-an-old-client',
    of: [oldClients],
    find: ({ reason }) => /^whether the head of .* for HTTP\/1\.0 has a Transfer-Encoding should be false/.test(reason)
      ? 'HTTP/1.0 has no chunks, and such a client would show their sizes as a part of the body: send it the bytes alone, and end the connection behind them'
      : undefined,
    wrong: [{ breaks: oldClients, program: [change('send.ts', '} else if (isOld) {', '} else if (isOld && length !== \'chunked\') {')] }],
  },
  {
    id: 'letters-for-bytes',
    of: [headersKeepBytes],
    find: ({ reason }) => /^the bytes \S+ have come as the value of a field, and \S*c383c2b1\S* are sent back/.test(reason)
      ? 'a head is read with one letter for each byte and written as UTF-8, which makes two bytes of each letter beyond ASCII: write it as it is read, as latin1'
      : undefined,
    wrong: [{ breaks: headersKeepBytes, program: [change('exchange.ts', ', \'latin1\')', ')')] }],
  },
]

/** What a wrong application can do. */
export const failing: readonly Mistake[] = [
  {
    id: 'ends-with-the-application',
    of: [refusesWrongResponses, survivesThrows],
    find: ({ program }) => program?.running === false
      ? 'one application has failed for one client, and your whole server has ended: catch what it throws, whatever it is'
      : undefined,
    wrong: [
      { breaks: refusesWrongResponses, program: [change('answer.ts', `${LOGGED}    ${THROWN}`, '    throw error')] },
      { name: 'in-the-log', breaks: survivesThrows, program: [change('send.ts', 'typeof told === \'string\'\n    ? told : inspect(told, { depth: 0, customInspect: false })', 'String(told)')] },
    ],
  },
  {
    id: 'trusts-the-length',
    of: [refusesWrongResponses],
    find: of => taken(of, what => /'content-length': [46] \}, Buffer/.test(what))
      ? 'the application says one length and gives a body of another, and the client believes the length: what it does not fetch is the beginning of the next answer. Compare the two'
      : undefined,
    wrong: [{
      breaks: refusesWrongResponses,
      program: [
        change('check-response.ts', '  if (said !== undefined && Number(said) !== length) {\n    throw wrong(`the content-length of this body is ${length}`, said)\n  }\n', ''),
        change('send.ts', '{ ...fields, \'content-length\': length })\n    conn.write(body)', '{ \'content-length\': length, ...fields })\n    conn.write(body)'),
      ],
    }],
  },
  {
    id: 'splits-a-response',
    of: [refusesWrongResponses],
    find: of => taken(of, what => /set-cookie/i.test(what))
      ? 'an application has put a CR LF into a value, and what stands behind it is a field of its own for the client, which is called response splitting: refuse control characters'
      : undefined,
    wrong: [
      { breaks: refusesWrongResponses, program: [change('check-response.ts', 'typeof value === \'string\' && TEXT.test(value)', 'typeof value === \'string\'')] },
      { name: 'in-the-reason', breaks: refusesWrongResponses, program: [change('check-response.ts', 'typeof reason !== \'string\' || !TEXT.test(reason)', 'typeof reason !== \'string\'')] },
    ],
  },
  {
    id: 'body-for-a-head',
    of: [refusesWrongResponses],
    find: of => taken(of, what => what.startsWith('a HEAD with') && what.includes('Buffer'))
      ? 'a HEAD has got a body, and the client takes that for the beginning of its next answer: the body has to be null there'
      : undefined,
    wrong: [{ breaks: refusesWrongResponses, program: [change('check-response.ts', 'if (isBodiless && body !== null)', 'if (isBodiless && method !== \'HEAD\' && body !== null)')] }],
  },
  {
    id: 'refuses-a-head-at-length',
    of: [refusesWrongResponses],
    find: ({ reason }) => reason.includes('behind a head that is all of its answer')
      ? 'a HEAD has got a 500 with a body, and no answer to a HEAD has one: refuse has to know the method'
      : undefined,
    wrong: [{ breaks: refusesWrongResponses, program: [change('server.ts', 'request?.method', '\'\'')] }],
  },
  {
    id: 'any-status',
    of: [refusesWrongResponses],
    find: ({ reason, ...of }) => taken({ reason, ...of }, what => /^\['200'|^\[(?:99|100|600|200\.5|NaN)/.test(what)) || /^a response begins with a line .*HTTP\/1\.1 (?:99|NaN|200\.5)/.test(reason)
      ? 'an application has answered with a status that is none, and your server has passed it on: a status is a whole number from 200 to 599'
      : undefined,
    wrong: [{ breaks: refusesWrongResponses, program: [change('check-response.ts', '!Number.isInteger(status) || status < 200 || status > 599', 'Number.isNaN(status)')] }],
  },
  {
    id: 'tells-the-error',
    of: [survivesThrows],
    find: ({ reason }) => reason.endsWith('is told to the client, word for word')
      ? 'your server tells the client what the application has thrown, and such a text may hold a path, a query or a password: log it, and tell the client nothing'
      : undefined,
    wrong: [{ breaks: survivesThrows, program: [change('answer.ts', '\'the application failed\')', 'words(error))')] }],
  },
  {
    id: 'last-chunk-behind-an-error',
    of: [breaksOff],
    find: ({ reason }) => /behind the head of a body that breaks off \(chunked.*, and is '.*0\\r\\n\\r\\n'/.test(reason)
      ? 'a body has broken off, and your server sends the last chunk as if it were whole: without it the client knows'
      : undefined,
    wrong: [{ breaks: breaksOff, program: [change('answer.ts', '      exchange.breakOff()\n', '      conn.write(\'0\\r\\n\\r\\n\')\n      exchange.breakOff()\n')] }],
  },
  {
    id: 'answers-in-the-middle',
    of: [breaksOff],
    find: ({ reason }) => /behind the head of a body that breaks off .*and is '.*HTTP\/1\.1 500/.test(reason)
      ? 'the head is out and a part of the body, and your server sends a 500 into the middle of it: all that it can do there is to end'
      : undefined,
    wrong: [{ breaks: breaksOff, program: [change('answer.ts', 'if (exchange.hasHead) {', 'if (exchange.hasHead && conn.destroyed) {')] }],
  },
  {
    id: 'more-than-was-promised',
    of: [refusesWrongResponses, breaksOff],
    find: ({ reason }) => /'hello!'\)\], 5\)\] should be answered with the status 500, and is with 'HTTP\/1\.1 200|behind the head of a body that breaks off \((?:bit-)?more\).*too ?much|\((?:bit-)?more\).*and is 'The first line\\nt/.test(reason)
      ? 'an application has given more bytes than it promised, and your server has sent them: to the client they are the beginning of another answer'
      : undefined,
    wrong: [{ breaks: refusesWrongResponses, program: [change('send.ts', '    if (left < 0) throw broken(length, left)\n', '')] }],
  },
  {
    id: 'goes-on-behind-half-a-body',
    of: [breaksOff],
    find: ({ reason }) => /behind the head of a body that breaks off .*and is '.*HTTP\/1\.1 200/.test(reason)
      ? 'a body has broken off, and your server answers the next request on the same connection: the client takes that answer for the rest of the body. End the connection'
      : undefined,
    wrong: [{ breaks: breaksOff, program: [change('exchange.ts', '  breakOff(): void {\n    this.stays = false\n', '  breakOff(): void {\n')] }],
  },
  {
    id: 'ends-for-an-old-client',
    of: [breaksOff],
    find: ({ reason }) => /^what a client of HTTP\/1\.0 gets .*should be 'a reset', and is 'an end'/.test(reason)
      ? 'a client of HTTP/1.0 has neither a length nor chunks, and takes the end of the connection for the end of the body: a reset is the one thing that says it broke off'
      : undefined,
    wrong: [{ breaks: breaksOff, program: [change('exchange.ts', '    if (this.request.version === \'HTTP/1.0\') this.conn.resetAndDestroy()\n', '')] }],
  },
  {
    id: 'blames-the-application',
    of: [clientVanishes],
    find: ({ reason }) => reason.includes('and your server says of the application')
      ? 'a client has reset its connection, and the log blames the application: look at conn.errored first, which says whether the connection broke'
      : undefined,
    wrong: [{ breaks: clientVanishes, program: [change('answer.ts', '    if (conn.errored) throw conn.errored\n', '')] }],
  },
  {
    id: 'asks-on-behind-a-reset',
    of: [clientVanishes],
    find: ({ reason }) => /^an application should have come to the point "let-go/.test(reason)
      ? 'a client has vanished, and your server still holds on to the body that it was getting: end the application\'s iterator, so that its files are closed'
      : undefined,
    wrong: [
      { breaks: clientVanishes, program: [change('send.ts', '    if (conn.errored) throw conn.errored\n', '')] },
      { name: 'behind-the-first', breaks: clientVanishes, program: [change('send.ts', '      await pieces.return(undefined)\n', '      first.done ??= false\n')] },
    ],
  },
]

/** Whether a wrong response was sent on as it was. */
function taken({ reason }: Situation, fits: (what: string) => boolean): boolean {
  const [, what] = /^an application that answers (?:with )?(.*) should be answered with the status 500, and is with 'HTTP\/1\.[01] (?!500)/.exec(reason) ?? []
  return what !== undefined && fits(what)
}
