import { change } from '#workbook/check/change.ts'
import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { headersBare, refusesPaths, requestHolds, saysHello, servesTheSite, sessionLasts } from './requests.ts'
import { answering, failing } from './wrong-answers.ts'

const CALL = 'await app(session, appRequest(exchange), bodies)'
const SESSION = '  const session: Session = { client: [remoteAddress, remotePort], requests: 0 }\n'
const SEGMENTS = 'return path.slice(1).split(\'/\').map(segmentIn)'
const PATH = 'segmentsOf(at < 0 ? uri : uri.slice(0, at))'

/** What an application is given. */
const given: readonly Mistake[] = [
  {
    id: 'no-applications-yet',
    of: [saysHello],
    find: ({ reason, received }) => /hello\.ts should be answered with the status 405|^the body of hello\.ts/.test(reason) && /<!doctype/i.test(received.toString('latin1') + reason)
      ? 'your server answers with its page, whichever application the command names: import the one in process.argv[3], and call that'
      : undefined,
    wrong: [{ breaks: saysHello, program: [change('server.ts', 'process.argv[3] ?? \'./site.ts\'', '\'./site.ts\'')] }],
  },
  {
    id: 'allows-without-a-list',
    of: [saysHello],
    find: ({ reason }) => /lists should be \[ 'GET', 'HEAD' \], and is undefined/.test(reason)
      ? 'a 405 has to say which methods are allowed, in a field Allow: without it a client knows only that it was wrong'
      : undefined,
    wrong: [{ breaks: saysHello, program: [change('hello.ts', '{ allow: \'GET, HEAD\' }', '{}')] }],
  },
  {
    id: 'greets-a-head',
    of: [saysHello],
    find: ({ reason }) => /^a HEAD to hello\.ts should be answered with the status 200, and is with 'HTTP\/1\.1 (?:500|405)/.test(reason)
      ? 'your application knows no HEAD, or gives it a body: a HEAD has the head of a GET, and its body is null'
      : undefined,
    wrong: [{ breaks: saysHello, program: [change('hello.ts', 'method === \'GET\' ? body : null', 'body')] }],
  },
  {
    id: 'greets-everybody',
    of: [saysHello],
    find: ({ reason }) => /to hello\.ts should be answered with the status 405, and is with 'HTTP\/1\.1 200/.test(reason)
      ? 'your application greets every method, and a client that asks for a DELETE now thinks that something is gone: say 405 to what you don\'t do'
      : undefined,
    wrong: [{ breaks: saysHello, program: [change('hello.ts', 'method !== \'GET\' && method !== \'HEAD\'', 'method === \'\''), change('hello.ts', 'method === \'GET\' ? body : null', 'method === \'HEAD\' ? null : body')] }],
  },
  {
    id: 'leaves-hello-out-of-the-site',
    of: [servesTheSite],
    find: ({ reason }) => /^status and body of \/hello .*and is \[ 200, '<!doctype/.test(reason)
      ? 'the site knows no /hello and answers with its page: an application can call another one, with what it got itself'
      : undefined,
    wrong: [{ breaks: servesTheSite, program: [change('site.ts', '    case \'/hello\':\n      return await hello(session, request, bodies)\n', '')] }],
  },
  {
    id: 'query-in-the-path',
    of: [requestHolds],
    find: ({ reason }) => /^path of GET .*and is \[.*\?/.test(reason)
      ? 'the query is still in the path: it begins at the first question mark, so cut the target there before you take the path apart'
      : undefined,
    wrong: [{ breaks: requestHolds, program: [change('app-request.ts', PATH, 'segmentsOf(uri)')] }],
  },
  {
    id: 'no-query-is-an-empty-one',
    of: [requestHolds],
    find: ({ reason }) => /^query of GET \/\S* should be null, and is ''/.test(reason)
      ? 'without a question mark there is no query, which is null; with one, and nothing behind it, there is one that is empty: an application can tell the two apart only if you do'
      : undefined,
    wrong: [{ breaks: requestHolds, program: [change('app-request.ts', 'at < 0 ? null', 'at < 0 ? \'\'')] }],
  },
  {
    id: 'decodes-before-it-splits',
    of: [requestHolds],
    find: ({ reason }) => /^path of GET \/a\/b%2Fc should be \[ 'a', 'b\/c' \], and is \[ 'a', 'b', 'c' \]/.test(reason)
      ? 'your program decodes the path and then splits it, and %2F has become a slash like any other: split first, so that it stays inside its segment'
      : undefined,
    wrong: [{ breaks: requestHolds, program: [change('path.ts', SEGMENTS, 'return decodeURIComponent(path).slice(1).split(\'/\')')] }],
  },
  {
    id: 'never-decodes',
    of: [requestHolds],
    find: ({ reason }) => /^path of GET .*and is \[.*%2F/.test(reason)
      ? 'the segments of a path are still encoded: an application would have to know that %C3%B1 is an ñ, and each would do it in its own way'
      : undefined,
    wrong: [{ breaks: requestHolds, program: [change('path.ts', 'const segment = decoded(raw)', 'const segment: string | undefined = raw')] }],
  },
  {
    id: 'drops-empty-segments',
    of: [requestHolds],
    find: ({ reason }) => /^path of GET \/\S*\/(?:\/\S*)? should be .*'', *.*and is|^path of GET \/a\/ should/.test(reason)
      ? 'an empty segment is a segment: /a and /a/ are two resources, and a server that makes one of them hides which was asked for'
      : undefined,
    wrong: [{ breaks: requestHolds, program: [change('path.ts', SEGMENTS, 'return path.split(\'/\').filter(part => part !== \'\').map(segmentIn)')] }],
  },
  {
    id: 'headers-with-a-prototype',
    of: [headersBare],
    find: ({ reason }) => /^what headers has under toString.* should be \[ null, null, null, null \], and is/.test(reason)
      ? 'headers has names that no client has sent, because a plain object inherits some, constructor for one: make it with Object.create(null)'
      : undefined,
    wrong: [{ breaks: headersBare, program: [change('app-request.ts', 'Object.assign(Object.create(null), Object.fromEntries(fields))', 'Object.fromEntries(fields)')] }],
  },
  {
    id: 'one-session-for-all',
    of: [sessionLasts],
    find: ({ reason }) => /^(?:client|what the application has counted in its session) in request 1\b/.test(reason)
      ? 'two connections have one session, and what an application keeps there for one client another one gets: make it in handleClient, where each connection begins'
      : undefined,
    wrong: [{
      breaks: sessionLasts,
      program: [
        change('server.ts', SESSION, '  session ??= { client: [remoteAddress, remotePort], requests: 0 }\n'),
        change('server.ts', 'async function handleClient', 'let session: Session | undefined\n\nasync function handleClient'),
      ],
    }],
  },
  {
    id: 'a-session-for-each-request',
    of: [sessionLasts],
    find: ({ reason }) => /^(?:requests|what the application has counted in its session) in request [23] .*should be [23], and is 1\b|^requests in request [23] .*and is 0\b/.test(reason)
      ? 'each request gets a session of its own, and what an application has put there is gone with the next one: make it once, before the loop'
      : undefined,
    wrong: [
      {
        breaks: sessionLasts,
        program: [change('server.ts', SESSION, ''), change('server.ts', '      await answer(', `      ${SESSION.trim()}\n      await answer(`)],
      },
      { name: 'copied', breaks: sessionLasts, program: [change('server.ts', 'await answer(app as App, session, exchange)', 'await answer(app as App, { ...session }, exchange)')] },
    ],
  },
  {
    id: 'counts-no-requests',
    of: [sessionLasts],
    find: ({ reason }) => /^requests in request 1 .*should be 0, and is 1\b|^requests in request 2 .*should be 1, and is (?:0|2)\b/.test(reason)
      ? 'requests says how many have been answered on this connection: add one when an answer is out, and not before'
      : undefined,
    wrong: [{
      breaks: sessionLasts,
      program: [
        change('server.ts', '      session.requests++\n', ''),
        change('server.ts', '      await answer(', '      session.requests++\n      await answer('),
      ],
    }],
  },
]

/** Which paths are refused. */
const paths: readonly Mistake[] = [
  {
    id: 'ends-at-a-broken-escape',
    of: [refusesPaths],
    find: ({ reason }) => /^the path \S*% should be answered with the status 400, and is with 'HTTP\/1\.1 500/.test(reason)
      ? 'decodeURIComponent throws a URIError at a broken escape, and your server blames the application for it: it is the client\'s mistake, and 400'
      : undefined,
    wrong: [{ breaks: refusesPaths, program: [change('path.ts', '  } catch {\n    return undefined\n', '  } finally {\n    console.log(\'Decoded\')\n')] }],
  },
  {
    id: 'takes-broken-escapes',
    of: [refusesPaths],
    find: ({ reason }) => /^the path \/% should be answered with the status 400, and is with 'HTTP\/1\.1 200/.test(reason)
      ? 'your server takes a percent sign without two hexadecimal digits behind it, and nobody knows what it stands for: refuse the path'
      : undefined,
    wrong: [{ breaks: refusesPaths, program: [change('path.ts', '    return undefined\n', '    return raw\n')] }],
  },
  {
    id: 'takes-dots',
    of: [refusesPaths],
    find: ({ reason }) => /^the path \/\.\. should be answered with the status 400, and is with 'HTTP\/1\.1 200/.test(reason)
      ? '".." gets through to the application: one that makes a file\'s name of the path would hand out any file of your disk'
      : undefined,
    wrong: [{ breaks: refusesPaths, program: [change('path.ts', '/^\\.\\.?$|\\p{Cc}/u.test(segment)', '/\\p{Cc}/u.test(segment)')] }],
  },
  {
    id: 'takes-encoded-dots',
    of: [refusesPaths],
    find: ({ reason }) => /^the path \/\S*(?:%2e)\S* should be answered with the status 400, and is with 'HTTP\/1\.1 200/i.test(reason)
      ? 'your server refuses ".." and takes "%2e%2e", which is the same: look for dots after you have decoded a segment'
      : undefined,
    wrong: [{ breaks: refusesPaths, program: [change('path.ts', '/^\\.\\.?$|\\p{Cc}/u.test(segment)', '/^\\.\\.?$/.test(raw) || /\\p{Cc}/u.test(segment)')] }],
  },
  {
    id: 'takes-control-characters',
    of: [refusesPaths],
    find: ({ reason }) => /^the path \/\S*%(?:0|7f|1b)\S* should be answered with the status 400, and is with 'HTTP\/1\.1 200/i.test(reason)
      ? 'an encoded control character gets through to the application: %00 ends a name in C, %0A ends a line in your log, and no path needs them'
      : undefined,
    wrong: [{ breaks: refusesPaths, program: [change('path.ts', '|\\p{Cc}/u', '/u')] }],
  },
  {
    id: 'calls-for-a-refused-path',
    of: [refusesPaths],
    find: ({ reason }) => reason.startsWith('how often the application was called')
      ? 'your server refuses the path, and has called the application before: whatever that does with such a path, it has done already'
      : undefined,
    wrong: [{
      breaks: refusesPaths,
      program: [change('answer.ts', `    const response = ${CALL}\n`, `    let refused: unknown
    let asked
    try {
      asked = appRequest(exchange)
    } catch (error) {
      refused = error
    }
    const response = await app(session, asked ?? ({ method: request.method, uri: request.target } as never), bodies)
    if (refused) throw refused
`)],
    }],
  },
]

/** What goes wrong in lesson 26. */
export const mistakes: readonly Mistake[] = [...given, ...paths, ...answering, ...failing]
