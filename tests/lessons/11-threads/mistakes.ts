import { added, change } from '#workbook/check/change.ts'
import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { listenersOf } from '#workbook/machine/sockets.ts'
import type { Situation } from '#workbook/check/explain/situation.ts'
import {
  behaviours, digestOf, noOrphan, stamp, STAMP_PORT, STAMP_RE,
  stampCrash, stampFreezesNobody, stampQueue, stampsTogether,
} from './behaviours.ts'

const ANSWERS = 'const stamps = on(worker, \'message\', { close: [\'exit\'] })'
const ANSWERED = `const { done, value } = await stamps.next()
      if (done) throw new Error('the thread has ended')
      resolve(value[0])`

/** Lesson 11: servers that stamp, and what goes wrong with their threads. */
export const mistakes: readonly Mistake[] = [
  {
    id: 'no-second-door',
    of: behaviours,
    find({ kind, program }) {
      if (kind !== 'no-connection' || !program?.running) return undefined
      if (listenersOf(program.pid).some(door => door.port === STAMP_PORT)) return undefined
      return `your server does not listen on port ${STAMP_PORT}, where stamps are asked for: it needs a second listening socket beside the first`
    },
    wrong: [{
      breaks: stamp,
      program: [
        change('server.ts', '    initializeServerSocket(STAMP_PORT),\n', ''),
        change('server.ts', '    handleStampRequests(stampSocket),\n', ''),
      ],
    }],
  },
  {
    id: 'unheard-thread',
    of: [stampCrash],
    find: ({ program }) => program?.running === false && UNHEARD_RE.test(program.errors)
      ? 'an error in one of your threads ended the whole process: it became an error event of its Worker, and nobody listens for that'
      : undefined,
    wrong: [{
      breaks: stampCrash,
      program: [
        change('pool.ts', ANSWERS, ''),
        change('pool.ts', ANSWERED, 'resolve(await new Promise(answer => worker.once(\'message\', answer)))'),
      ],
    }],
  },
  {
    id: 'freezes',
    of: [stampFreezesNobody],
    find: ({ kind }) => kind === 'silence' || kind === 'other'
      ? 'your server computes the stamp in the thread that serves everybody: until it is done, nobody else is read or answered'
      : undefined,
    wrong: [{ breaks: stampFreezesNobody, program: [change('server.ts', 'process.argv[2] === \'here\' ? stamp : stampInPool', 'stamp')] }],
  },
  {
    id: 'buffer-as-numbers',
    find: situation => stampedInstead(situation, [[...situation.peer?.sent ?? []].join(',')]) === undefined
      ? undefined
      : 'your server has stamped a list of numbers: a Buffer that is posted to a thread arrives there as a Uint8Array, whose '
      + 'toString gives its bytes with commas between them',
    wrong: [{ breaks: stamp, program: [change('server.ts', 'stampOrExcuse(message.toString())', 'stampOrExcuse(message)')] }],
  },
  {
    id: 'stamps-a-piece',
    find(situation) {
      const pieces = situation.peer?.steps.flatMap(step => 'sent' in step ? step.sent.toString() : []) ?? []
      const piece = pieces.length > 1 ? stampedInstead(situation, pieces) : undefined
      return piece && `your server has stamped ${JSON.stringify(piece)}, which is a piece of the message: it is complete when the client has ended its side`
    },
    wrong: [{
      breaks: stamp,
      program: [
        change('server.ts', 'const chunks: Buffer[] = []', 'let message = Buffer.alloc(0)'),
        change('server.ts', 'chunks.push(data)', 'message = data'),
        change('server.ts', '      const message = Buffer.concat(chunks)\n', ''),
      ],
    }],
  },
  {
    id: 'somebody-elses-stamp',
    find(situation) {
      const others = situation.peers.filter(peer => peer !== situation.peer).map(peer => peer.sent.toString())
      const other = stampedInstead(situation, others)
      return other && `your server has answered with the stamp on ${JSON.stringify(other)}, for which another client had asked: `
        + 'a thread with two questions at once gives its answers to whoever listens first'
    },
    wrong: [{
      breaks: stampsTogether,
      program: [
        change('pool.ts', 'import { on }', 'import { once }'),
        change('pool.ts', ANSWERS, ''),
        change('pool.ts', ANSWERED, 'once(worker, \'message\').then(([answer]) => resolve(answer), reject)'),
      ],
    }],
  },
  {
    id: 'endless-queue',
    of: [stampQueue],
    find: ({ kind, peers }) =>
      kind === 'other' && peers.every(peer => STAMP_RE.test(peer.pending.toString() || NONE))
        ? 'your server takes every request into a queue that has no end: the last client waits for all the others, and nobody has told it'
        : undefined,
    wrong: [{ breaks: stampQueue, program: [change('pool.ts', 'queue.length < PLACES', 'queue.length < Infinity')] }],
  },
  {
    id: 'crash-unanswered',
    of: [stampCrash],
    find: ({ kind, peer, peers }) =>
      kind === 'silence' && peer === peers[1]
        ? 'a thread crashed over this request, and its client waits for ever: whoever handed out the work has to hear of the crash too'
        : undefined,
    wrong: [{ breaks: stampCrash, program: [change('pool.ts', 'return reject(error)', 'return console.error(error)')] }],
  },
  {
    id: 'lost-thread',
    of: [stampCrash],
    find: ({ kind, peer, peers }) =>
      kind === 'silence' && peers.slice(2).some(later => later === peer)
        ? 'a thread that has crashed is gone for good: when all of them are gone, no more stamps are made. Start a new one in its place'
        : undefined,
    wrong: [{ breaks: stampCrash, program: [change('pool.ts', 'for (;;) await work()', 'await work()')] }],
  },
  {
    id: 'leaves-orphans',
    of: [noOrphan],
    find: ({ kind, program }) =>
      kind === 'other' && program?.running === false
        ? 'your stamps are made by processes of their own, which nobody ends when your server is killed; a thread lives and dies with its process'
        : undefined,
    wrong: [{
      breaks: noOrphan,
      program: [
        change('pool.ts', 'import { Worker } from \'node:worker_threads\'', 'import { fork } from \'node:child_process\''),
        change('pool.ts',
          'new Worker(new URL(\'./stamp-worker.ts\', import.meta.url))',
          'fork(new URL(\'./stamp-worker.ts\', import.meta.url), { execArgv: [\'--import\', \'tsx\'] })'),
        change('pool.ts', 'postMessage', 'send'),
        added('stamp-worker.ts', `import { stamp } from './stamp.ts'

process.on('disconnect', () => {})
process.on('message', (message: string) => {
  process.send?.(stamp(message))
})
setInterval(() => {}, 1000)
`),
      ],
    }],
  },
]

// What Node prints when nobody listens for a worker's error: Node 20 names the Worker, later ones only
// the line in which the error is thrown again.
const UNHEARD_RE = /^Emitted 'error' event on Worker instance|^node:internal\/event_target:\d+\n.*throw err/m
// A stamp that has not come yet is no refusal.
const NONE = `0 ${'0'.repeat(64)}\n`

/** Which of these messages the stamp is on; undefined when it is on the right one, or on none. */
function stampedInstead({ peer, received }: Situation, messages: readonly string[]): string | undefined {
  const [, nonce, digest] = STAMP_RE.exec(received.toString()) ?? []
  if (!peer || nonce === undefined || digest === digestOf(peer.sent, nonce)) return undefined
  return messages.find(message => digestOf(message, nonce) === digest)
}
