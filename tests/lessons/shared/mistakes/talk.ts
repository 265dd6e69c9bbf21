import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { crashOf, lineOf } from '#workbook/check/explain/crash.ts'
import { FIRST_ONLY } from './words.ts'
import { CLOSE_WAIT, serverEnd } from '#workbook/machine/sockets.ts'
import { sourceOf, type Situation } from '#workbook/check/explain/situation.ts'

// In milliseconds: a probe waits for an answer that has nothing to wait for any more.
const PROBE = 300

/** What to know before a crash is a crash: it has a cause of its own. */
export const afterEnd: Mistake = {
  id: 'closes-too-soon',
  find(situation) {
    if (!situation.program?.errors.includes('ERR_STREAM_WRITE_AFTER_END')) return undefined
    const { place } = crashOf(situation)
    const where = place === undefined ? '' : ` at ${place}`
    return `your server ends the connection while the client still talks, and its next write fails${where}: end belongs behind the loop, and nothing can be written behind it`
  },
}

/** Servers that say too little, or end at the wrong moment. */
export const talk: readonly Mistake[] = [
  {
    id: 'no-backpressure',
    find: ({ kind }) => kind === 'memory'
      ? 'your server reads on while its client does not, and keeps in its memory what it cannot send: write returns false when it is time to wait for drain'
      : undefined,
  },
  {
    id: 'leaks-sockets',
    find: ({ kind }) => kind === 'descriptors'
      ? 'your server leaks: what it opens for a client it must close when the client has gone, or one day the system gives it no more'
      : undefined,
  },
  {
    id: 'one-at-a-time',
    find({ kind, behaviour, peers, received }) {
      if (behaviour.id !== 'two-at-once' || (kind !== 'silence' && kind !== 'no-line') || peers.length < 2 || received.length > 0) return undefined
      return 'your server looks after one client at a time: the second waits until the first has left'
    },
  },
  {
    id: 'ended-by-node',
    find: ({ mute, behaviour }) => mute && behaviour.id === 'end-while-waiting'
      ? 'your server still waits for the drain of a client that has left: without allowHalfOpen Node ends your side '
      + 'as soon as the client has ended its own, and a side that is ended never says drain'
      : undefined,
  },
  {
    id: 'first-client-only',
    find({ kind, peers, peer, received, program }) {
      if (kind !== 'silence' || peers.length < 2 || peer !== peers.at(-1) || received.length > 0 || !program?.running) return undefined
      return peers.slice(0, -1).every(other => !other.open) ? FIRST_ONLY : undefined
    },
  },
  {
    id: 'never-closes',
    find({ kind, peer, program }) {
      if (kind !== 'stays-open' || program?.file === 'client.ts' || !peer?.steps.some(step => 'ended' in step)) return undefined
      const waits = serverEnd(peer.called, peer.port)?.state === CLOSE_WAIT ? ' The kernel calls its state CLOSE-WAIT: it waits for your program to close' : ''
      return `your server never ends its side after the client has: it should call end when there is nothing more to read.${waits}`
    },
  },
  {
    id: 'short-queue',
    find(situation) {
      const [, asked] = /\bbacklog: *(\d+)/.exec(sourceOf(situation)) ?? []
      if (situation.behaviour.id !== 'crowd' || asked === undefined || Number(asked) >= ENOUGH) return undefined
      return `your server asks for a backlog of ${asked}, and a crowd came at once: whom the accept queue could not hold was not connected. `
        + 'Without backlog Node asks for 511'
    },
  },
  {
    id: 'swallows-the-first',
    find: async situation => (await probe(situation))?.atOnce === MORE
      ? 'your server takes the first chunk for itself and sends back what comes after it'
      : undefined,
  },
  {
    id: 'last-chunk-only',
    find: async situation => (await probe(situation))?.atTheEnd === MORE
      ? 'your server keeps the last chunk only: each takes the place of the one before'
      : undefined,
  },
  {
    id: 'waits-for-the-end',
    async find(situation) {
      const answer = (await probe(situation))?.atTheEnd
      return answer && situation.expected?.toString('latin1').startsWith(answer.slice(0, situation.expected.length))
        ? 'your server answers when the client has ended its side, and not before: most clients wait for an answer first'
        : undefined
    },
  },
  {
    id: 'drains-always',
    find(situation) {
      const source = sourceOf(situation)
      if (situation.kind !== 'silence' || !situation.program?.running) return undefined
      const line = lineOf(source, WRONG_DRAIN_RE)
      if (line !== undefined) {
        return `line ${line} of server.ts waits for drain when write has returned true, and drain comes only after a write that has returned false: is a ! missing?`
      }
      return DRAIN_RE.test(source)
        ? 'your server waits for drain after every write, and drain comes only after a write that has returned false: '
        + 'after all others it waits for ever'
        : undefined
    },
  },
  {
    id: 'prints-and-does-not-send',
    find: ({ mute, program }) => mute && program?.output.seen.some(line => line.startsWith('Received: '))
      ? 'your server has read and printed what came, and sends nothing back: is there a write, on the connection and not on the server?'
      : undefined,
  },
  {
    id: 'closes-too-soon',
    find(situation) {
      const { kind, received, expected, peer, program } = situation
      if ((kind !== 'closed' && kind !== 'broke') || !peer || !program?.running) return undefined
      if (expected && !received.equals(expected.subarray(0, received.length))) return undefined
      if (/\.destroy\(\)/.test(sourceOf(situation)) && peer.steps.some(step => 'ended' in step)) {
        return 'your server ends the connection before everything has been sent: destroy forgets what still waits, and end sends it first'
      }
      const [, front] = /^([^]*?)\bbreak\b/.exec(sourceOf(situation)) ?? []
      if (!peer.steps.some(step => 'ended' in step) && front?.includes('.end(') === false) {
        return 'your server ends the connection while the client still talks: a break leaves the loop after one chunk, and what stands behind the loop ends it'
      }
      return peer.steps.some(step => 'ended' in step)
        ? 'your server ends the connection before everything has been sent: Node destroys a connection when the loop over it is over, '
        + 'and forgets what still waits'
        : 'your server ends the connection while the client still talks: end belongs behind the loop, not inside it'
    },
  },
]

// A line that waits for drain and has no condition, in a line that has none in front of it.
const DRAIN_RE = /^(?!.*(?:\bif\b|\bwhile\b|&&|\|\||\?|\{\s*$)).*\n(?!.*(?:\bif\b|\bwhile\b|&&|\|\||\?)).*\bawait\b.*['"]drain['"]/m
// The condition the wrong way round.
const WRONG_DRAIN_RE = /\bif \([^!\n]*\.write\([^!\n]*\)\)\s*\{?\s*await\b.*['"`]drain['"`]/
// Systems cut the backlog to a limit of their own, which is as low as this.
const ENOUGH = 128
const MORE = 'and more\n'
const probes = new WeakMap<Situation, Promise<{ atOnce: string, atTheEnd: string } | undefined>>()

/** Goes on talking to a server that has said nothing: what comes when more is sent, and what at the end? */
function probe(situation: Situation): Promise<{ atOnce: string, atTheEnd: string } | undefined> {
  const known = probes.get(situation)
  if (known) return known
  const asking = ask(situation)
  probes.set(situation, asking)
  return asking
}

async function ask(situation: Situation): Promise<{ atOnce: string, atTheEnd: string } | undefined> {
  const { peer } = situation
  if (!peer || !situation.mute) return undefined
  await peer.send(MORE)
  await peer.anything(PROBE)
  const atOnce = peer.pending.toString('latin1')
  if (atOnce === '') {
    peer.end()
    await peer.anything(PROBE)
  }
  return { atOnce, atTheEnd: atOnce === '' ? peer.pending.toString('latin1') : '' }
}
