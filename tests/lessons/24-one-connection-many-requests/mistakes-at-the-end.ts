import { change } from '#workbook/check/change.ts'
import type { Mistake } from '#workbook/check/explain/mistake.ts'
import type { Situation } from '#workbook/check/explain/situation.ts'
import { behaviours, bodiesSkipped, skipsLittle, stays, uninvited } from './behaviours.ts'
import { closesWhenAsked, forOldClients, refusalEnds } from './ends.ts'
import { letsGo, noStall, readsNoMore, waitsBetween } from './time.ts'

const LOOP = 'while (await anotherComes(incoming)) {'
const OPTIONS = 'const options = fields.get(\'connection\')?.toLowerCase().split(\',\') ?? []\n  return options.some(option => option.trim() === \'close\')'
const SAYS = 'const all = this.stays ? fields : { ...fields, Connection: \'close\' }'
const STAYS = 'request.version === \'HTTP/1.1\' && !asksToClose(request)'
const TOO_MUCH = '    if (!isWanted && unread > MOST_SKIPPED) this.stays = false\n'
const CAUGHT = `  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    console.log(\`Refused: \${error.message}\`)
    refuse(conn, error.message)
  }
}

async`
const IDLE = `  const over = new AbortController()
  const isIdle = setTimeout(IDLE, true, { signal: over.signal })
  const isOver = await Promise.race([incoming.isOver(), isIdle])
  over.abort()
  return !isOver
`
const TIMERS = 'import { setTimeout } from \'node:timers/promises\'\n'

/** When a connection ends. */
export const endings: readonly Mistake[] = [
  {
    id: 'close-in-small-letters',
    of: [closesWhenAsked],
    find: ({ reason }) => goesOn(reason) && /'(?:Connection: Close|CONNECTION: CLOSE)'/.test(reason)
      ? 'the options in a Connection field are the same in capitals and small letters: your server knows "close", but not "Close"'
      : undefined,
    wrong: [{ breaks: closesWhenAsked, program: [change('exchange.ts', '?.toLowerCase().split', '?.split')] }],
  },
  {
    id: 'close-in-a-list',
    of: [closesWhenAsked],
    find: ({ reason }) => goesOn(reason) && /,|and 'connection/.test(/ with (.*) is answered/.exec(reason)?.[1] ?? '')
      ? 'the value of Connection is a list of options, with commas and white space between them, and close may be any one of them'
      : undefined,
    wrong: [
      { breaks: closesWhenAsked, program: [change('exchange.ts', OPTIONS, 'return fields.get(\'connection\')?.toLowerCase() === \'close\'')] },
      { name: 'untrimmed', breaks: closesWhenAsked, program: [change('exchange.ts', 'option.trim()', 'option')] },
    ],
  },
  {
    id: 'close-as-a-part',
    of: [closesWhenAsked],
    find: ({ reason }) => reason.startsWith('nobody has asked for the end')
      ? 'your server looks for the letters "close" anywhere in the field, and "x-close" is the name of another option: compare whole options'
      : undefined,
    wrong: [{ breaks: closesWhenAsked, program: [change('exchange.ts', OPTIONS, 'return fields.get(\'connection\')?.toLowerCase().includes(\'close\') ?? false')] }],
  },
  {
    id: 'goes-on-after-close',
    of: [closesWhenAsked],
    find: ({ reason, kind }) => goesOn(reason) || kind === 'stays-open'
      ? 'the client has said "Connection: close", which means that this request is its last, and your server goes on all the same'
      : undefined,
    wrong: [{ breaks: closesWhenAsked, program: [change('exchange.ts', STAYS, 'request.version === \'HTTP/1.1\'')] }],
  },
  {
    id: 'ends-unannounced',
    of: [bodiesSkipped, skipsLittle, uninvited, closesWhenAsked, forOldClients],
    find: ({ reason, kind, behaviour }) => /^the answer to .* should say "Connection: close"/.test(reason) || (kind === 'closed' && behaviour === bodiesSkipped)
      ? 'your server ends the connection and hasn\'t said so in the head of its last answer: a client that has sent another request can\'t know that it won\'t be read'
      : undefined,
    wrong: [
      { breaks: bodiesSkipped, program: [change('exchange.ts', TOO_MUCH, '')] },
      { name: 'when-asked', breaks: closesWhenAsked, program: [change('exchange.ts', SAYS, 'const all = !isWanted && unread > MOST_SKIPPED ? { ...fields, Connection: \'close\' } : fields')] },
    ],
  },
  {
    id: 'chunks-for-http-1.0',
    of: [forOldClients],
    find: ({ reason }) => reason.endsWith('the answer has a Transfer-Encoding')
      ? 'HTTP/1.0 knows no chunks, and such a client would take their sizes for a part of the body: send it the bytes alone, and end the connection'
      : undefined,
    wrong: [{ breaks: forOldClients, program: [change('answers.ts', 'if (request.version === \'HTTP/1.0\')', 'if (request.version === \'HTTP/0.9\')')] }],
  },
  {
    id: 'keeps-http-1.0',
    of: [forOldClients],
    find: ({ kind }) => kind === 'stays-open'
      ? 'an answer to HTTP/1.0 ends with its connection unless the client asked otherwise, and your server waits for another request on it'
      : undefined,
    wrong: [{ breaks: forOldClients, program: [change('exchange.ts', STAYS, '!asksToClose(request)')] }],
  },
  {
    id: 'goes-on-after-a-refusal',
    of: [refusalEnds],
    find: ({ reason, kind }) => /^what comes after a refused request/.test(reason) || kind === 'stays-open'
      ? 'your server refuses a request and goes on with what comes after it, but it can\'t know where the next one begins: that may be the middle of a body. Leave the loop'
      : undefined,
    wrong: [{
      breaks: refusalEnds,
      program: [
        change('server.ts', '  try {\n    while (await anotherComes(incoming)) {\n', '  while (await anotherComes(incoming)) {\n    try {\n'),
        change('server.ts', `    }\n${CAUGHT}`, `${CAUGHT.replace('  }\n}', '  }\n  }\n}')}`),
      ],
    }],
  },
  {
    id: 'refuses-the-end',
    of: behaviours,
    find: ({ received, expected, reason }) => (expected && received.toString('latin1', expected.length).startsWith('HTTP/1.1 400')) || /^a client ends its side after an answer/.test(reason)
      ? 'a client that ends its side between two requests has done nothing wrong, and your server answers that end with a 400: ask isOver before you wait for a head'
      : undefined,
    wrong: [{ breaks: stays, program: [change('server.ts', LOOP, 'for (;;) {'), change('server.ts', 'async function anotherComes', 'export async function anotherComes')] }],
  },
]

/** How long it takes. */
export const times: readonly Mistake[] = [
  {
    id: 'never-lets-go',
    of: [letsGo],
    find: ({ kind }) => kind === 'stays-open'
      ? 'your server keeps a connection on which nothing happens for as long as the client likes: each costs a descriptor and memory, so wait for the next request with a timer'
      : undefined,
    wrong: [{ breaks: letsGo, program: [change('server.ts', IDLE, '  return !await incoming.isOver()\n'), change('server.ts', TIMERS, '')] }],
  },
  {
    id: 'lets-go-too-soon',
    of: [letsGo],
    find: ({ reason }) => /and may stay for 5$/.test(reason)
      ? 'your server hardly waits for the next request, and a person who clicks on a link needs a few seconds for it: wait for five'
      : undefined,
    wrong: [{ breaks: letsGo, program: [change('server.ts', 'IDLE = 5000', 'IDLE = 500')] }],
  },
  {
    id: 'timer-goes-on',
    of: [waitsBetween],
    find: ({ kind, program }) => program?.running && ['closed', 'broke', 'silence'].includes(kind)
      ? 'your server lets a client go that isn\'t idle: a timer is still running that was started before its last request. Start one when you begin to wait, and stop it when a request comes'
      : undefined,
    wrong: [
      {
        breaks: waitsBetween,
        program: [
          change('server.ts', IDLE, '  globalThis.setTimeout(() => conn.end(), IDLE)\n  return !await incoming.isOver()\n'),
          change('server.ts', 'anotherComes(incoming: Incoming)', 'anotherComes(incoming: Incoming, conn: Socket)'),
          change('server.ts', LOOP, 'while (await anotherComes(incoming, conn)) {'),
          change('server.ts', TIMERS, ''),
        ],
      },
      {
        name: 'since-the-start', breaks: waitsBetween,
        program: [
          change('server.ts', '  conn.setNoDelay(true)\n', '  conn.setNoDelay(true)\n  setTimeout(() => conn.end(), IDLE)\n'),
          change('server.ts', IDLE, '  return !await incoming.isOver()\n'),
          change('server.ts', TIMERS, ''),
        ],
      },
    ],
  },
  {
    id: 'reads-without-room',
    of: [readsNoMore],
    find: ({ kind }) => kind === 'memory'
      ? 'your server goes on answering a client that reads nothing, and keeps the answers in memory: before the next request, wait for drain if the connection needs it'
      : undefined,
    wrong: [{ breaks: readsNoMore, program: [change('exchange.ts', '    if (this.conn.writableNeedDrain) await once(this.conn, \'drain\')\n', ''), change('exchange.ts', 'import { once } from \'node:events\'\n', '')] }],
  },
  {
    id: 'waits-for-an-ack',
    of: [noStall],
    find: ({ reason }) => /^\d+ of \d+ pages on one connection took/.test(reason)
      ? 'the kernel holds your body back until the client has acknowledged your head, and the client\'s kernel takes its time: conn.setNoDelay(true) sends each write at once'
      : undefined,
    wrong: [{ breaks: noStall, program: [change('server.ts', '  conn.setNoDelay(true)\n', '')] }],
  },
]

/** Whether the next request was answered, where a client had asked for the end. */
function goesOn(reason: Situation['reason']): boolean {
  return reason.endsWith('the next request on the same connection is as well')
}
