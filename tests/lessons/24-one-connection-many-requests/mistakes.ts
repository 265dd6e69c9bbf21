import { join } from 'node:path'
import { change } from '#workbook/check/change.ts'
import type { Mistake } from '#workbook/check/explain/mistake.ts'
import {
  bodiesSkipped, cutAnywhere, inOrder, skipsLittle, stays, uninvited, unmixed,
} from './behaviours.ts'
import { endings, times } from './mistakes-at-the-end.ts'

const FINISHED = '    const { unread } = this.body\n    if (!this.stays || unread > MOST_SKIPPED) return false\n    return await this.incoming.skip(unread)\n'
const ANSWER = 'await answer(exchange)'
const INCOMING = '  const incoming = new Incoming(conn.iterator({ destroyOnReturn: false }))\n'
const LOOP = 'while (await anotherComes(incoming)) {'

/** What belongs to which request. */
const requests: readonly Mistake[] = [
  {
    id: 'one-request-only',
    of: [stays, inOrder],
    find: ({ reason, received }) => /nobody has asked for the end/.test(reason) && /\r\nconnection: close\r\n/i.test(received.toString('latin1'))
      ? 'your server ends the connection after each answer, although nobody has asked it to: HTTP/1.1 keeps a connection unless one side says "Connection: close"'
      : undefined,
    wrong: [{ breaks: stays, program: join(import.meta.dirname, '../../../code/23-bodies') }],
  },
  {
    id: 'throws-away-the-next',
    of: [inOrder],
    // Where it is waited for longer, the end comes by itself.
    find: ({ mute, kind, peer, received }) => (mute || (kind === 'closed' && received.length === 0)) && (peer?.sent.toString('latin1').split(' HTTP/1.1\r\n').length ?? 0) > 2
      ? 'the first of several requests in one piece is answered, and the rest are lost: what comes after a request waits in the buffer of its Incoming, so one Incoming has to serve the whole connection'
      : undefined,
    wrong: [{
      breaks: inOrder,
      program: [
        change('server.ts', INCOMING, '  const pieces = conn.iterator({ destroyOnReturn: false })\n'),
        change('server.ts', LOOP, 'for (;;) {\n      const incoming = new Incoming(pieces)\n      if (!await anotherComes(incoming)) break'),
      ],
    }],
  },
  {
    id: 'out-of-order',
    of: [inOrder],
    find: ({ reason }) => /with the status 200, and is with 'HTTP\/1\.1 (?:204|304)|^GET \/\S+ should get its page, and gets|^the Content-Type of a page is/.test(reason)
      ? 'the answers come in another order than the requests, and a client can tell them apart by their order alone: await each answer before the next request is read'
      : undefined,
    wrong: [{
      breaks: inOrder,
      program: [
        // A page that has to be fetched first, and one handler beside another.
        change('server.ts', ANSWER, 'const answered = answer(exchange)\n      if (method !== \'GET\' || target.length > 6) await answered'),
        change('answers.ts', '    default:\n', '    default:\n      await new Promise(resolve => setTimeout(resolve, 20))\n'),
      ],
    }],
  },
  {
    id: 'does-not-await-the-answer',
    of: [stays, inOrder],
    find: ({ reason, program }) => /with the status \d+, and is with 'HTTP\/1\.1 400/.test(reason) && program?.output.seen.some(line => line.startsWith('Request: \'POST'))
      ? 'a request after a POST is refused, because your server has begun to read it while the body of the POST was still being read: an await is missing in front of answer'
      : undefined,
    wrong: [{ breaks: stays, program: [change('server.ts', ANSWER, 'void answer(exchange)')] }],
  },
  {
    id: 'body-after-a-304',
    of: [stays, inOrder],
    find: ({ reason, received }) => /^a response begins with a line such as/.test(reason) && !received.toString('latin1').startsWith('HTTP/')
      ? 'an answer that can\'t have a body has one, and the client takes that body for the beginning of the next answer: a 204, a 304 and the answer to a HEAD end with their empty line'
      : undefined,
    wrong: [
      { breaks: stays, program: [change('answers.ts', 'exchange.sendHead(\'304 Not Modified\', {})', 'respond(exchange, \'text/plain\', \'It is the same\\n\', \'304 Not Modified\')')] },
      { name: 'head', breaks: stays, program: [change('answers.ts', 'if (exchange.request.method !== \'HEAD\') exchange.conn.write(body)', 'exchange.conn.write(body)')] },
    ],
  },
  {
    id: 'looks-at-one-piece',
    of: [cutAnywhere],
    find: ({ kind, mute, reason }) => mute || kind === 'closed' || kind === 'silence' || reason.includes('HTTP/1.1 400')
      ? 'two requests in one piece are answered, and two that are cut elsewhere are not: what is left of a piece is the beginning of the next request, and has to wait for the rest'
      : undefined,
    wrong: [{
      breaks: cutAnywhere,
      program: [change('exchange.ts', FINISHED, `${FINISHED.replace('return await this.incoming.skip(unread)\n', 'const goesOn = await this.incoming.skip(unread)\n    this.incoming.forgetHalf()\n    return goesOn\n')}`),
        change('incoming.ts', '  async isOver()', `  forgetHalf(): void {
    const { waiting } = this.buffer
    if (!waiting.includes('\\r\\n\\r\\n')) this.buffer.take(waiting.length)
  }

  async isOver()`)],
    }],
  },
  {
    id: 'takes-a-body-for-a-request',
    of: [bodiesSkipped, skipsLittle],
    find: ({ reason, received }) => reason.includes('answered as if they were one') || (received.toString('latin1').startsWith('HTTP/1.1 400') && /its answer isn't that page/.test(reason))
      ? 'your server reads its next request where the body begins that nobody has read: skip what is left of a body first, or end the connection. Otherwise whoever can choose a body can choose a request'
      : undefined,
    wrong: [{ breaks: bodiesSkipped, program: [change('exchange.ts', 'return await this.incoming.skip(unread)', 'return true')] }],
  },
  {
    id: 'waits-for-a-gigabyte',
    of: [skipsLittle],
    find: ({ reason }) => /^the answer to a POST of a GB/.test(reason)
      ? 'your server means to skip a gigabyte to keep a connection, and a new connection costs less: beyond some limit, say "Connection: close" and end it'
      : undefined,
    wrong: [{ breaks: skipsLittle, program: [change('exchange.ts', '64 * 1024', '2 ** 40')] }],
  },
  {
    id: 'expects-what-it-did-not-ask-for',
    of: [uninvited],
    find: ({ reason, kind }) => /^the answer to a client that asked, and/.test(reason) || kind === 'stays-open' || /\d bytes? come/.test(reason)
      ? 'the client has asked whether to send its body and was not told to, so it may send it or not: nobody can tell where its next request begins, and the connection has to end'
      : undefined,
    wrong: [{ breaks: uninvited, program: [change('request-body.ts', 'this.asks && !this.isWanted ? Infinity : this.left', 'this.left')] }],
  },
  {
    id: 'shared-between-connections',
    of: [unmixed],
    find: ({ kind, reason, program }) => program?.running && (kind === 'stays-open' || kind === 'closed' || /Connection: close|should get its page/.test(reason))
      ? 'one connection alone does what it should, and two at a time don\'t: what your program remembers of a request lives outside its connection, and the other one changes it'
      : undefined,
    wrong: [{
      breaks: unmixed,
      program: [
        change('exchange.ts', 'const MOST_SKIPPED = 64 * 1024\n', 'const MOST_SKIPPED = 64 * 1024\nlet staying = true\n'),
        change('exchange.ts', '  stays: boolean\n', '  get stays(): boolean {\n    return staying\n  }\n\n  set stays(value: boolean) {\n    staying = value\n  }\n\n'),
      ],
    }],
  },
]

/** What goes wrong in lesson 24. */
export const mistakes: readonly Mistake[] = [...requests, ...endings, ...times]
