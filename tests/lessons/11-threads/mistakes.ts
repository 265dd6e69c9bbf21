import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { listenersOf } from '#workbook/machine/sockets.ts'
import type { Situation } from '#workbook/check/explain/situation.ts'
import { digestOf, STAMP_PORT, STAMP_RE } from './behaviours.ts'

/** Lesson 11: servers that stamp, and what goes wrong with their threads. */
export const mistakes: readonly Mistake[] = [
  {
    id: 'no-second-door',
    find({ kind, behaviour, program }) {
      if (kind !== 'no-connection' || !isAboutStamps(behaviour.id) || !program?.running) return undefined
      if (listenersOf(program.pid).some(door => door.port === STAMP_PORT)) return undefined
      return `your server does not listen on port ${STAMP_PORT}, where stamps are asked for: it needs a second listening socket beside the first`
    },
  },
  {
    id: 'unheard-thread',
    find: ({ program, behaviour }) => program?.running === false && behaviour.id === 'stamp-crash' && UNHEARD_RE.test(program.errors)
      ? 'an error in one of your threads ended the whole process: it became the event error of its Worker, and nobody listens for that'
      : undefined,
  },
  {
    id: 'freezes',
    find: ({ kind, behaviour }) => behaviour.id === 'stamp-freezes-nobody' && (kind === 'silence' || kind === 'other')
      ? 'your server computes the stamp in the thread that serves everybody: until it is done, nobody else is read or answered'
      : undefined,
  },
  {
    id: 'buffer-as-numbers',
    find: situation => stampedInstead(situation, [[...situation.peer?.sent ?? []].join(',')]) === undefined
      ? undefined
      : 'your server has stamped a list of numbers: a Buffer that is posted to a thread arrives there as a Uint8Array, and that one '
      + 'as text is its bytes with commas between',
  },
  {
    id: 'stamps-a-piece',
    find(situation) {
      const pieces = situation.peer?.steps.flatMap(step => 'sent' in step ? step.sent.toString() : []) ?? []
      const piece = pieces.length > 1 ? stampedInstead(situation, pieces) : undefined
      return piece && `your server has stamped ${JSON.stringify(piece)}, which is a piece of the message: it is complete when the client has ended its side`
    },
  },
  {
    id: 'somebody-elses-stamp',
    find(situation) {
      const others = situation.peers.filter(peer => peer !== situation.peer).map(peer => peer.sent.toString())
      const other = stampedInstead(situation, others)
      return other && `your server has answered with the stamp on ${JSON.stringify(other)}, for which another client had asked: `
        + 'a thread with two questions at once gives its answers to whoever listens first'
    },
  },
  {
    id: 'endless-queue',
    find: ({ kind, behaviour, peers }) =>
      behaviour.id === 'stamp-queue' && kind === 'other' && peers.every(peer => STAMP_RE.test(peer.pending.toString() || NONE))
        ? 'your server takes every request into a queue that has no end: the last client waits for all the others, and nobody has told it'
        : undefined,
  },
  {
    id: 'crash-unanswered',
    find: ({ kind, behaviour, peer, peers }) =>
      behaviour.id === 'stamp-crash' && kind === 'silence' && peer === peers[1]
        ? 'a thread crashed over this request, and its client waits for ever: whoever handed out the work has to hear of the crash too'
        : undefined,
  },
  {
    id: 'lost-thread',
    find: ({ kind, behaviour, peer, peers }) =>
      behaviour.id === 'stamp-crash' && kind === 'silence' && peers.slice(2).some(later => later === peer)
        ? 'a thread that has crashed is missing ever after: when all are gone, nobody makes stamps any more. Start a new one in its place'
        : undefined,
  },
  {
    id: 'leaves-orphans',
    find: ({ kind, behaviour, program }) =>
      behaviour.id === 'no-orphan' && kind === 'other' && program?.running === false
        ? 'your stamps are made by processes of their own, which nobody ends when your server is killed; a thread lives and dies with its process'
        : undefined,
  },
]

// What Node prints when nobody listens for a worker's error: Node 20 names the Worker, later ones only
// the line in which the error is thrown again.
const UNHEARD_RE = /^Emitted 'error' event on Worker instance|^node:internal\/event_target:\d+\n.*throw err/m
// A stamp that has not come yet is no refusal.
const NONE = `0 ${'0'.repeat(64)}\n`

function isAboutStamps(id: string): boolean {
  return id.startsWith('stamp') || id === 'no-orphan'
}

/** Which of these messages the stamp is on; undefined when it is on the right one, or on none. */
function stampedInstead({ peer, received }: Situation, messages: readonly string[]): string | undefined {
  const [, nonce, digest] = STAMP_RE.exec(received.toString()) ?? []
  if (!peer || nonce === undefined || digest === digestOf(peer.sent, nonce)) return undefined
  return messages.find(message => digestOf(message, nonce) === digest)
}
