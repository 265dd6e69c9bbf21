import { change } from '#workbook/check/change.ts'
import type { Mistake } from '#workbook/check/explain/mistake.ts'
import type { Unusual } from '#workbook/check/lesson.ts'
import { behaviours } from './behaviours.ts'
import { framing, isTaken } from './mistakes/misframed.ts'
import { refusesFields, refusesFraming, refusesRequestLines, wantsAHost } from './refusals.ts'
import { saysWhatIsAllowed, takesTheRest } from './taken.ts'
import { timing } from './mistakes/too-late.ts'

const ONE_LINE = '    if (end < 0 || end < line.length - 1) {\n      throw new Refusal(BAD_REQUEST, \'a line ends with CR LF\')\n    }\n'
const CHECK_HOST = 'checkHost(fields.get(\'host\'), version)'
const LINE = '    if (line === \'\') return lines\n'

/** What a line may be. */
const lines: readonly Mistake[] = [
  {
    id: 'one-number-for-all',
    of: [refusesRequestLines, refusesFraming],
    find: ({ reason }) => /status (?:501|505), and is with 'HTTP\/1\.1 (?:400|500)/.test(reason)
      ? 'your server refuses, with a number that says something else: 505 is for a version that it doesn\'t speak, 501 for a method or a coding that it doesn\'t know, and neither client has made a typing error'
      : undefined,
    wrong: [
      { name: '400-for-505', breaks: refusesRequestLines, program: [change('request.ts', 'new Refusal(\'505 HTTP Version Not Supported\'', 'new Refusal(BAD_REQUEST')] },
      { name: '500-for-501', breaks: refusesFraming, program: [change('refusal.ts', '501 Not Implemented', '500 Internal Server Error')] },
    ],
  },
  {
    id: 'get-in-small-letters',
    of: [refusesRequestLines],
    find: ({ reason }) => reason.startsWith('the request line \'get / HTTP/1.1\'')
      ? 'the name of a method is case-sensitive, unlike that of a field: "get" is another method than GET, and unknown'
      : undefined,
    wrong: [{ breaks: refusesRequestLines, program: [
      change('request.ts', 'METHODS.includes(method)', 'METHODS.includes(method.toUpperCase())'),
      change('request.ts', 'return { method,', 'return { method: method.toUpperCase(),'),
    ] }],
  },
  {
    id: 'takes-any-target',
    of: [refusesRequestLines],
    find: of => isTaken(of, /^the request line 'GET (?:nowhere|a:443|\*|http:|ftp:|\/a#|\/\\x|\/ñ)/)
      ? 'your server takes whatever stands between two spaces for a target: a path begins with a slash, and * is for OPTIONS'
      : undefined,
    wrong: [{ breaks: refusesRequestLines, program: [change('request.ts', 'target: targetIn(target, method)', 'target: targetIn(target, method) || target'), change('target.ts', '    throw new Refusal(BAD_REQUEST, \'a target is a path, or http:// and so on\')\n', '    return \'\'\n')] }],
  },
  {
    id: 'lf-ends-a-line',
    of: [refusesRequestLines, refusesFields],
    find: of => isTaken(of, /LF alone/)
      ? /empty line|before a request/.test(of.reason)
        ? 'your server looks whether the first CR of a line is its last byte, and an empty line that is LF alone has neither: indexOf and length - 1 are both -1'
        : 'your server takes LF alone for the end of a line, and a program in front that does not sees one field where you see two'
      : undefined,
    wrong: [
      {
        breaks: refusesRequestLines, says: 'your server takes LF alone',
        program: [change('incoming.ts', `    const end = line.indexOf('\\r')\n${ONE_LINE}`, '    const end = line.at(-1) === 13 ? line.length - 1 : line.length\n')],
      },
      {
        name: 'of-an-empty-line', breaks: refusesRequestLines, says: 'your server looks whether',
        program: [change('incoming.ts', 'if (end < 0 || end < line.length - 1) {', 'if (end !== line.length - 1) {')],
      },
    ],
  },
  {
    id: 'a-blank-before-the-colon',
    of: [refusesFields],
    find: of => isTaken(of, /^a (?:space|tab) before the colon/)
      ? 'your server takes "X-A : b" for X-A. A program in front may pass it on as another field, and so Transfer-Encoding gets past it: a name has no white space behind it'
      : undefined,
    wrong: [{ breaks: refusesFields, program: [change('fields.ts', 'Math.max(colon, 0)).toLowerCase()', 'Math.max(colon, 0)).trimEnd().toLowerCase()')] }],
  },
  {
    id: 'unfolds-lines',
    of: [refusesFields],
    find: of => isTaken(of, /goes on in the next line/)
      ? 'your server joins a line that begins with white space to the one before, as was allowed once: not every program does, so the same bytes are one field here and two there'
      : undefined,
    wrong: [{ breaks: refusesFields, program: [change('fields.ts', LINE, `${LINE}    const before = /^[ \\t]/.test(line) ? lines.pop() : undefined\n    if (before !== undefined) {\n      lines.push(before + line)\n      continue\n    }\n`)] }],
  },
  {
    id: 'any-name-will-do',
    of: [refusesFields],
    find: of => isTaken(of, /^a name with /)
      ? 'a name is made of letters, digits and fifteen signs, and your server takes others'
      : undefined,
    wrong: [{ breaks: refusesFields, program: [change('fields.ts', '!NAME.test(name)', '!/^[^ \\t]+$/.test(name)')] }],
  },
  {
    id: 'any-byte-will-do',
    of: [refusesFields],
    find: of => isTaken(of, /^a value with /)
      ? 'your server takes control characters in a value. Where one program ends a text at a zero byte and another goes on, they see two values'
      : undefined,
    wrong: [{ breaks: refusesFields, program: [change('fields.ts', '!NAME.test(name) || !TEXT.test(value)', '!NAME.test(name)')] }],
  },
  {
    id: 'host-not-looked-at',
    of: [wantsAHost],
    find: of => isTaken(of, /^a request without a Host/)
      ? 'your server answers a request without a Host: with several sites at one address it could not know which one is meant'
      : undefined,
    wrong: [{ breaks: wantsAHost, program: [change('request.ts', `  ${CHECK_HOST}\n`, '')] }],
  },
  {
    id: 'any-host-will-do',
    of: [wantsAHost],
    find: of => isTaken(of, /^a (?:request with two Hosts|Host that is)/)
      ? 'there is a Host, and your server doesn\'t look at what it says: two of them are joined with a comma, and neither that nor an empty one is a host'
      : undefined,
    wrong: [{ breaks: wantsAHost, program: [change('target.ts', 'host === undefined || !HOST.test(host)) {\n    throw new Refusal(BAD_REQUEST, \'a request has one Host\')', 'host === undefined) {\n    throw new Refusal(BAD_REQUEST, \'a request has one Host\')')] }],
  },
  {
    id: 'coding-in-small-letters',
    of: [takesTheRest],
    find: ({ reason }) => reason.startsWith('a coding in capitals')
      ? 'the name of a transfer coding is the same in capitals and small letters, and your server refuses CHUNKED: fold it before you compare'
      : undefined,
    wrong: [{ breaks: takesTheRest, program: [change('framing.ts', 'fields.get(\'transfer-encoding\')?.toLowerCase()', 'fields.get(\'transfer-encoding\')')] }],
  },
  {
    id: 'paths-only',
    of: [takesTheRest],
    find: ({ reason }) => reason.startsWith('a target that ')
      ? 'a target may be a whole URL, as a client sends it to a proxy: your server has to understand it, and take the path out of it'
      : undefined,
    wrong: [
      { breaks: takesTheRest, program: [change('target.ts', 'if (host === undefined || rest === undefined', 'if (raw || host === undefined || rest === undefined')] },
      { name: 'as-it-came', breaks: takesTheRest, program: [change('target.ts', 'return rest.startsWith(\'/\') ? rest : `/${rest}`', 'return raw')] },
    ],
  },
  {
    id: 'no-empty-line-before',
    of: [takesTheRest],
    find: ({ reason }) => reason.startsWith('an empty line before a request')
      ? 'an old client may send CR LF behind a body, where no length counts it: one empty line before a request should be passed over'
      : undefined,
    wrong: [{ breaks: takesTheRest, program: [change('request.ts', '  if (first === \'\') first = await lineOne(incoming)\n', ''), change('request.ts', 'let first', 'const first')] }],
  },
  {
    id: 'one-minor-version',
    of: [takesTheRest],
    find: ({ reason }) => reason.startsWith('version 1.7')
      ? 'a client of HTTP/1.7 knows that it talks to one of HTTP/1.1 when it sees your answer: only another first number is another language'
      : undefined,
    wrong: [{ breaks: takesTheRest, program: [change('request.ts', 'if (major !== \'1\') {', 'if (major !== \'1\' || Number(minor) > 1) {')] }],
  },
  {
    id: 'allows-nothing',
    of: [saysWhatIsAllowed],
    find: ({ reason }) => reason.includes('has no Allow')
      ? 'a 405 has to say which methods there are, in the field Allow: without it the client can only guess'
      : undefined,
    wrong: [{ breaks: saysWhatIsAllowed, program: [change('answers.ts', 'status, { Allow: allowed })', 'status)')] }],
  },
  {
    id: 'everything-gets-the-page',
    of: [saysWhatIsAllowed],
    find: ({ reason }) => /status 405, and is with 'HTTP\/1\.1 200/.test(reason)
      ? 'your server answers a GET of /echo with its page, as if that were what is there: 405 says that the target exists and the method doesn\'t'
      : undefined,
    wrong: [{ breaks: saysWhatIsAllowed, program: [change('answers.ts', 'if (!allowed.split(\', \').includes(request.method)) {', 'if (allowed === \'\') {')] }],
  },
]

/** What becomes of a connection on which something was refused. */
const endings: readonly Mistake[] = [
  {
    id: 'answers-what-follows',
    of: behaviours,
    find: ({ reason }) => / bytes? comes? more than Content-Length says: 'HTTP\/1/.test(reason)
      ? 'your server has refused a request and goes on with what stands behind it, though it doesn\'t know where that request ended: end the connection behind the refusal'
      : undefined,
    wrong: [{
      breaks: refusesFraming,
      program: [
        change('server.ts', 'while (await anotherComes(incoming)) {', 'while (await anotherComes(incoming)) try {'),
        change('server.ts', '      if (!await exchange.finish()) break\n    }\n', `      if (!await exchange.finish()) break
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      refuse(conn, error)
    }
`),
      ],
    }],
  },
  {
    id: 'refuses-without-a-word',
    of: behaviours,
    find: ({ kind, reason, program }) => kind === 'closed' && reason.endsWith('your server has ended the connection without a word') && program?.running
      ? 'your server ends the connection, and the client does not learn why: a refusal is a response, and then comes the end'
      : undefined,
    wrong: [{ breaks: refusesFraming, program: [change('server.ts', '    refuse(conn, error)\n', '')] }],
  },
  {
    id: 'refuses-and-does-not-say-close',
    of: behaviours,
    find: ({ reason }) => reason.includes('the refusal should say "Connection: close"')
      ? 'your refusal doesn\'t say that the connection ends behind it, and a client may send its next request at the same moment'
      : undefined,
    wrong: [{ breaks: refusesFraming, program: [change('answers.ts', '    \'Content-Length\': body.length,\n    Connection: \'close\',\n', '    \'Content-Length\': body.length,\n')] }],
  },
]

/** What goes wrong in lesson 25. */
export const mistakes: readonly Mistake[] = [...endings, ...framing, ...lines, ...timing]

/** Servers that were written in another way. */
export const unusual: readonly Unusual[] = [
  {
    // Other words, in another order, in one write; and other statuses where there are two that fit.
    name: 'other-words',
    program: [
      change('request-body.ts', '413 Content Too Large', '413 Payload Too Large'),
      change('bodies.ts', 'throw new Refusal(BAD_REQUEST, \'too many chunk extensions\')', 'throw new Refusal(\'413 Payload Too Large\', \'too many chunk extensions\')'),
      change('framing.ts', 'throw new Refusal(NOT_IMPLEMENTED, \'the only transfer coding is chunked\')', 'throw bad(\'the only transfer coding is chunked\')'),
      change('framing.ts', 'BAD_REQUEST, NOT_IMPLEMENTED, Refusal', 'BAD_REQUEST, Refusal'),
      change('answers.ts', '  const body = Buffer.from(`${message}\\n`)\n  conn.write(responseHead(status, {\n', '  const body = Buffer.from(`${message}\\n`)\n  conn.cork()\n  setImmediate(() => conn.uncork())\n  conn.write(responseHead(status, {\n'),
      change('answers.ts', '    Connection: \'close\',\n', '    connection: \'Close\',\n'),
      change('answers.ts', '\'/empty\': \'GET, HEAD\'', '\'/empty\': \'HEAD, GET\''),
      change('answers.ts', '\'OPTIONS *\':\n      exchange.sendHead(\'204 No Content\', { Allow: ALL })', '\'OPTIONS *\':\n      respond(exchange, \'text/plain\', \'\', \'200 OK\', { Allow: ALL })'),
    ],
  },
  {
    // A head has to be there at a certain moment, and only a body has a budget.
    name: 'a-moment-for-a-head',
    program: [
      change('budget.ts', '  private left: number\n', '  private left: number\n  private readonly end = performance.now()\n'),
      change('budget.ts', '    const since = performance.now()\n    try {\n      return await within(this.left, piece)\n', `    const since = performance.now()
    try {
      const isHead = this.bytesPerMs === Infinity
      return await within(isHead ? Math.max(0, this.end + this.most - since) : this.left, piece)
`),
    ],
  },
]
