import { join } from 'node:path'
import { change, type Change } from '#workbook/check/change.ts'
import type { Mistake } from '#workbook/check/explain/mistake.ts'
import type { Situation } from '#workbook/check/explain/situation.ts'
import type { Unusual } from '#workbook/check/lesson.ts'
import {
  answersGet, behaviours, dateIsNow, endsAfterAnswer, headCut, leavesEarly, namesFolded, pageEscaped, printsRequests,
  refusesBadHeads, refusesLongHeads, showsTheRequest, valuesWhole,
} from './behaviours.ts'

const UNTIL = 'const head = await incoming.until(\'\\r\\n\\r\\n\', MOST)'
const OVER = '    if (await incoming.isOver()) return\n'
const INCOMING = 'const incoming = new Incoming(conn.iterator({ destroyOnReturn: false }))'
const VALUE = 'const [value = \'\'] = VALUE.exec(line.slice(colon + 1)) ?? []'
const PAGE = 'respond(conn, \'200 OK\', \'text/html\', pageFor(request))\n'
const DATE = '${new Date().toUTCString()}'
const LINES = '`${lines.join(\'\\r\\n\')}\\r\\n\\r\\n`'

/** Reads pieces in a way of its own, and hands the head over as text. */
function reading(pieces: string): Change[] {
  return [
    change('server.ts', INCOMING, 'const pieces = conn.iterator({ destroyOnReturn: false })'),
    change('server.ts', `${OVER}    ${UNTIL}\n`, pieces),
    change('server.ts', 'head.toString(\'latin1\')', 'head'),
  ]
}

/** How a response was made. */
const heads: readonly Mistake[] = [
  {
    id: 'ends-lines-with-lf',
    of: behaviours,
    find: ({ received }) => /^HTTP\/1\.1 [^\r\n]*\n/.test(received.toString('latin1'))
      ? 'the lines of your response end with LF alone, the byte 0a: in a head each line ends with CR LF, 0d 0a, which is \\r\\n in a string'
      : undefined,
    wrong: [{ breaks: answersGet, program: [change('response.ts', LINES, '`${lines.join(\'\\n\')}\\n\\n`')] }],
  },
  {
    id: 'no-empty-line',
    of: behaviours,
    find: ({ received }) => /^HTTP\/1\.1 [^]*\r\n</.test(received.toString('latin1')) && !received.includes('\r\n\r\n')
      ? 'nothing stands between the fields and the page: after the last field comes its CR LF, and then the empty line, which is another CR LF'
      : undefined,
    wrong: [{ breaks: answersGet, program: [change('response.ts', LINES, '`${lines.join(\'\\r\\n\')}\\r\\n`')] }],
  },
  {
    id: 'length-in-letters',
    of: behaviours,
    find({ reason, received }) {
      const at = received.indexOf('\r\n\r\n')
      const [, length] = /\r\ncontent-length: *(\d+)/i.exec(received.subarray(0, at).toString('latin1')) ?? []
      if (!reason.includes('more than Content-Length says: ')) return undefined
      return received.subarray(at + 4).toString().length === Number(length)
        ? 'your Content-Length is the number of letters in the page, and it has to be the number of bytes: an ñ is one letter and two bytes. '
        + 'Make a Buffer of the text first, and take the length of that'
        : undefined
    },
    wrong: [{ breaks: answersGet, program: [change('server.ts', '\'Content-Length\': body.length', '\'Content-Length\': text.length')] }],
  },
  {
    id: 'no-charset',
    of: behaviours,
    find: ({ reason }) => /^the Content-Type should end with .*, and is '[^;]*'$/.test(reason)
      ? 'without a charset a browser has to guess how bytes become letters, and many a browser makes "maÃ±ana" of your "mañana"'
      : undefined,
    wrong: [{ breaks: answersGet, program: [change('server.ts', '`${type}; charset=utf-8`', 'type')] }],
  },
  {
    id: 'another-charset',
    of: behaviours,
    find: ({ reason, received }) => reason.endsWith('the body has bytes that aren\'t') && received.toString('latin1').includes('ñ')
      ? 'your page goes out as latin1, in which an ñ is the one byte f1: in UTF-8, which your Content-Type promises, it is c3 b1'
      : undefined,
    wrong: [{ breaks: answersGet, program: [change('server.ts', 'Buffer.from(text)', 'Buffer.from(text, \'latin1\')')] }],
  },
  {
    id: 'promises-and-stays',
    of: [endsAfterAnswer, refusesBadHeads, refusesLongHeads],
    find: ({ kind }) => kind === 'stays-open'
      ? 'your answer is complete, and your server waits for more on the same connection: it has said Connection: close, so ending is up to the server'
      : undefined,
    wrong: [{
      breaks: endsAfterAnswer,
      program: [
        change('server.ts', `${OVER}    const`, '    while (!await incoming.isOver()) {\n    const'),
        change('server.ts', PAGE, `${PAGE}    }\n`),
      ],
    }],
  },
  {
    id: 'another-form-of-date',
    of: [dateIsNow],
    find: ({ reason }) => reason.startsWith('Date should look like')
      ? 'HTTP has one form for a date, in English and in GMT wherever the server stands, and toUTCString makes it'
      : undefined,
    wrong: [
      { breaks: dateIsNow, program: [change('response.ts', DATE, '${new Date()}')] },
      { name: 'iso', breaks: dateIsNow, program: [change('response.ts', DATE, '${new Date().toISOString()}')] },
      { name: 'locale', breaks: dateIsNow, program: [change('response.ts', DATE, '${new Date().toLocaleString()}')] },
    ],
  },
  {
    id: 'keeps-the-date',
    of: [dateIsNow],
    find({ reason }) {
      const [, wanted = '', said = ''] = /^Date should be (.*), and is (.*)$/.exec(reason) ?? []
      const late = Date.parse(wanted) - Date.parse(said)
      return late > 0 && late < 900_000
        ? 'this Date is an earlier moment: your program has made it once and kept it, and each answer needs its own'
        : undefined
    },
    wrong: [{
      breaks: dateIsNow,
      program: [
        change('response.ts', 'type Fields', `const DATE = \`${DATE}\`\n\ntype Fields`),
        change('response.ts', `\`Date: ${DATE}\``, '`Date: ${DATE}`'),
      ],
    }],
  },
]

/** How a request was read. */
const requests: readonly Mistake[] = [
  {
    id: 'a-piece-for-a-head',
    of: [headCut],
    find({ kind, reason, mute, peer }) {
      if (mute && peer?.sent.includes('\r\n\r\n')) {
        return 'the empty line may itself be cut, and your server looks for it in one piece only: search in all that has come, as incoming.until does'
      }
      const early = (kind === 'other' && !reason.startsWith('the value')) || kind === 'closed'
      return early ? 'your server takes the first piece that comes for the whole head: collect pieces until the empty line is there, as incoming.until does' : undefined
    },
    wrong: [
      {
        breaks: headCut, says: 'your server takes the first piece',
        program: reading(`    const { value: piece, done } = await pieces.next()
    if (done) return
    const [head = ''] = piece.toString('latin1').split('\\r\\n\\r\\n')
`),
      },
      {
        name: 'end-in-one-piece', breaks: headCut, says: 'the empty line may itself be cut',
        program: reading(`    let all = ''
    for await (const piece of pieces) {
      all += piece.toString('latin1')
      if (piece.includes('\\r\\n\\r\\n')) break
    }
    if (all === '') return
    const [head = ''] = all.split('\\r\\n\\r\\n')
`),
      },
    ],
  },
  {
    id: 'cuts-at-every-colon',
    of: [showsTheRequest, valuesWhole],
    find: of => shows(of, ({ value, shown }) => value.includes(':') && shown.trim() === value.split(':')[0])
      ? 'your program cuts a line at every colon, and a value may have colons of its own, as that of Host has: the first one ends the name, and no other'
      : undefined,
    wrong: [{
      breaks: showsTheRequest,
      program: [change('request.ts', VALUE, 'const value = line.split(\':\')[1]?.trim() ?? \'\'')],
    }],
  },
  {
    id: 'keeps-white-space',
    of: [showsTheRequest, valuesWhole],
    find: of => shows(of, ({ value, shown }) => shown !== value && blank(shown).trim() === blank(value))
      ? 'white space round a value is no part of it, be it one blank, many, tabs or none: take it away at both ends'
      : undefined,
    wrong: [
      { breaks: showsTheRequest, program: [change('request.ts', VALUE, 'const value = line.slice(colon + 1)')] },
      { name: 'behind', breaks: valuesWhole, program: [change('request.ts', VALUE, 'const value = line.slice(colon + 1).replace(/^[ \\t]+/, \'\')')] },
    ],
  },
  {
    id: 'wants-a-blank',
    of: [valuesWhole],
    find: ({ reason }) => /^the answer should be "200 OK", and is 'HTTP\/1\.1 400/.test(reason)
      ? 'a blank behind the colon is customary and may be missing: the colon alone ends the name'
      : undefined,
    wrong: [{ breaks: valuesWhole, program: [change('request.ts', 'line.indexOf(\':\')', 'line.indexOf(\': \')')] }],
  },
  {
    id: 'trims-a-no-break-space',
    of: [valuesWhole],
    find: ({ reason }) => reason.includes('a no-break space was taken')
      ? 'trim() takes away all that is white space to JavaScript, twenty-five characters; to HTTP it is two, the blank and the tab'
      : undefined,
    wrong: [{ breaks: valuesWhole, program: [change('request.ts', VALUE, 'const value = line.slice(colon + 1).trim()')] }],
  },
  {
    id: 'two-cases-two-names',
    of: [namesFolded],
    find: ({ received, reason }) => reason.startsWith('the value') && /x-list/i.test(reason) && (received.toString('latin1').match(/x-list/gi) ?? []).length > 1
      ? 'your program takes X-List and x-LIST for two fields: the name of a field is the same in capitals and small letters, so fold it before you store it'
      : undefined,
    wrong: [{ breaks: namesFolded, program: [change('request.ts', '.toLowerCase()', '')] }],
  },
  {
    id: 'forgets-the-first',
    of: [namesFolded],
    find: of => shows(of, ({ value, shown }) => value !== shown && value.endsWith(shown))
      ? 'when a name comes again, its new value takes the place of the one before: the two are one list, joined with a comma and a blank'
      : undefined,
    wrong: [{ breaks: namesFolded, program: [change('request.ts', 'before === undefined ? value : `${before}, ${value}`', 'value')] }],
  },
  {
    id: 'lets-strangers-write-html',
    of: [pageEscaped],
    find: ({ reason }) => reason.endsWith('it has become part of the page\'s HTML')
      ? 'what a stranger sends becomes part of your page, and a browser runs it, which is called cross-site scripting: write &, < and > as &#38;, &#60; and &#62;'
      : undefined,
    wrong: [{ breaks: pageEscaped, program: [change('page.ts', 'text.replace(/[&<>"\']/g, letter => `&#${letter.charCodeAt(0)};`)', 'text')] }],
  },
  {
    id: 'leaves-the-ampersand',
    of: [pageEscaped],
    find: of => shows(of, ({ value, shown }) => value.includes('&amp;') && shown === value.replace('&amp;', '&'))
      ? 'the sign & has to be escaped as well: a client has sent "&amp;", and a reader of your page sees "&"'
      : undefined,
    wrong: [{ breaks: pageEscaped, program: [change('page.ts', '[&<>"\']', '[<>"\']')] }],
  },
]

/** Who was refused, and who was not. */
const refusals: readonly Mistake[] = [
  {
    id: 'knows-one-version',
    of: [answersGet],
    find: ({ reason, peer }) => reason.includes('400 Bad Request') && peer?.sent.includes('HTTP/1.0')
      ? 'your server refuses HTTP/1.0, which scripts and old programs still speak: their requests look the same, often without a Host'
      : undefined,
    wrong: [{ breaks: answersGet, program: [change('request.ts', '1\\.[01])', '1\\.1)')] }],
  },
  {
    id: 'takes-any-version',
    of: [refusesBadHeads],
    find: of => taken(of, head => /HTTP\/(?:2|0)/.test(head))
      ? 'your server takes any version for its own: HTTP/1.0 and HTTP/1.1 are what it can read, and what comes in another it would misunderstand'
      : undefined,
    wrong: [{ breaks: refusesBadHeads, program: [change('request.ts', '(HTTP\\/1\\.[01])', '(HTTP\\/[^ ]+)')] }],
  },
  {
    id: 'takes-many-blanks',
    of: [refusesBadHeads],
    find: of => taken(of, head => / {2}|^ | $|\\t/.test(head))
      ? 'the three parts of a request line stand at single blanks, and your server takes more: two programs that cut a line differently can be played against each other'
      : undefined,
    wrong: [{ breaks: refusesBadHeads, program: [change('request.ts', '/^([^ ]+) ([^ ]+) (HTTP\\/1\\.[01])$/', '/^\\s*(\\S+)\\s+(\\S+)\\s+(HTTP\\/1\\.[01])\\s*$/')] }],
  },
  {
    id: 'takes-any-line',
    of: [refusesBadHeads],
    find: of => taken(of, head => head.includes('\\r\\n'))
      ? 'your server passes over a line that is no field: with a head that it only half understands it should not go on'
      : undefined,
    wrong: [{ breaks: refusesBadHeads, program: [change('request.ts', 'if (colon < 1) throw new Refusal(\'a field is NAME: VALUE\')', 'if (colon < 1) continue')] }],
  },
  {
    id: 'ends-for-one-typing-error',
    of: [refusesBadHeads],
    find: ({ program }) => program?.running === false && /^Error: /m.test(program.errors)
      ? 'one client has sent a line that is wrong, and your whole server has ended: throw a Refusal, which your handler catches, and no other error'
      : undefined,
    wrong: [{ breaks: refusesBadHeads, program: [change('request.ts', 'throw new Refusal(\'a request', 'throw new Error(\'a request')] }],
  },
  {
    id: 'reads-without-a-limit',
    of: [refusesLongHeads],
    find: ({ mute }) => mute
      ? 'your server collects a head for as long as one comes, and keeps all of it in memory: the second argument of until is the most that it may be'
      : undefined,
    wrong: [{ breaks: refusesLongHeads, program: [change('server.ts', '\'\\r\\n\\r\\n\', MOST', '\'\\r\\n\\r\\n\', Infinity')] }],
  },
  {
    id: 'answers-silence',
    of: [leavesEarly],
    find: ({ reason }) => reason.startsWith('a client that has asked for nothing')
      ? 'a connection without a request is no mistake: browsers open one ahead of time, and close it when they had no use for it'
      : undefined,
    wrong: [{ breaks: leavesEarly, program: [change('server.ts', OVER, '')] }],
  },
  {
    id: 'prints-what-it-got',
    of: [printsRequests],
    find: ({ kind }) => kind === 'output'
      ? 'your server prints the target as it came, and a terminal obeys some bytes: printable, as in lesson 5, shows them instead'
      : undefined,
    wrong: [{ breaks: printsRequests, program: [change('server.ts', '${printable(asked)}', '\'${asked}\'')] }],
  },
]

/** Answers that are none, or half of one. What is known in particular is looked for before. */
const halves: readonly Mistake[] = [
  {
    id: 'speaks-no-http',
    of: behaviours,
    find: ({ received }) => received.length > 0 && !received.toString('latin1').startsWith('HTTP/')
      ? 'what your server says is no response of HTTP, which begins with its version, a number and a reason, as in "HTTP/1.1 200 OK"'
      : undefined,
    wrong: [{ breaks: answersGet, program: join(import.meta.dirname, '../../../code/21-messages-in-a-stream') }],
  },
  {
    id: 'promises-too-much',
    of: behaviours,
    find: ({ kind, reason }) => (kind === 'closed' || kind === 'silence') && /: Content-Length says \d+, and/.test(reason)
      ? 'your Content-Length says more than your server sends, and the client waits for the rest: what is counted and what is sent should be the same Buffer'
      : undefined,
    wrong: [{ breaks: answersGet, program: [change('server.ts', '\'Content-Length\': body.length', '\'Content-Length\': body.length + 2')] }],
  },
  {
    id: 'leaves-without-an-answer',
    of: behaviours,
    find: ({ kind, program, received }) => kind === 'closed' && received.length === 0 && program?.running
      ? 'your server has read the request and ended the connection: does its handler come to a write?'
      : undefined,
    wrong: [{ breaks: answersGet, program: [change('server.ts', PAGE, '\n')] }],
  },
]

/** What goes wrong in lesson 22. */
export const mistakes: readonly Mistake[] = [...heads, ...requests, ...refusals, ...halves]

/** Servers that were written in another way. */
export const unusual: readonly Unusual[] = [
  {
    name: 'text-as-utf-8-in-one-write',
    program: [
      change('server.ts', 'head.toString(\'latin1\')', 'head.toString()'),
      change('server.ts', '  conn.write(responseHead(', '  const head = responseHead('),
      change('server.ts', '    Connection: \'close\',\n  }))\n  conn.write(body)', '    Connection: \'close\',\n  })\n  conn.write(Buffer.concat([Buffer.from(head), body]))'),
    ],
  },
  {
    name: 'small-letters',
    program: [
      change('response.ts', '`Date: ', '`date: '),
      change('response.ts', 'lines.push(`${name}', 'lines.push(`${name.toLowerCase()}'),
      change('page.ts', '`<tr><td>${escaped(name)}</td><td>${escaped(value)}</td></tr>`', '`<tr><td>${escaped(name)}: ${escaped(value)}</td></tr>`'),
    ],
  },
]

/** Whether a value stands otherwise in the page than it should. */
function shows({ reason }: Situation, fits: (seen: { value: string, shown: string }) => boolean): boolean {
  const [, , value, , shown] = /^the value of the field \S+ is (["'`])(.*)\1, and the page shows (["'`])(.*)\3$/.exec(reason) ?? []
  return value !== undefined && shown !== undefined && fits({ value, shown })
}

// As it is printed, a tab is two letters.
function blank(text: string): string {
  return text.replaceAll('\\t', ' ')
}

/** Whether a head was answered with a page that is none; as it is printed, without its quotes. */
function taken({ reason }: Situation, fits: (head: string) => boolean): boolean {
  const [, head] = /^'(.*)' should be answered with "400 Bad Request", and is with 'HTTP\/1\.[01] 200/.exec(reason) ?? []
  return head !== undefined && fits(head)
}
