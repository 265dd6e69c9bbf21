import { change, type Wrong } from '#workbook/check/change.ts'
import type { Behaviour } from '#workbook/check/behaviour.ts'
import { lineOf } from '#workbook/check/explain/crash.ts'
import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { sourceOf, type Situation } from '#workbook/check/explain/situation.ts'
import { noTerminal } from '#workbook/check/program/printed/pseudo-terminal.ts'
import { ctrlC } from '../../02-a-listening-socket/behaviours.ts'
import { announces } from '../../04-the-accept-loop/behaviours.ts'
import { nextPlease } from '../../05-a-client-handler/behaviours.ts'
import { backpressure, echo, echoSplit, halfClose, letsGo } from '../../06-echo/behaviours.ts'

const WRITE = 'if (!conn.write(data)) await once(conn, \'drain\')'
const LOOP = 'for await (const data of conn.iterator({ destroyOnReturn: false }))'

/** Lesson 6's program, with another handler. */
function handler(breaks: Behaviour, write: string, more: { loop?: string, end?: string } = {}): Wrong {
  return {
    lesson: 6, breaks,
    program: [
      change('server.ts', WRITE, write),
      ...more.loop === undefined ? [] : [change('server.ts', LOOP, more.loop)],
      ...more.end === undefined ? [] : [change('server.ts', 'conn.end()', more.end)],
    ],
  }
}

/** The program of a lesson, which takes one client. */
function takesOne(lesson: number, breaks: Behaviour): Wrong {
  const loop = 'for await (const [conn] of on(sock, \'connection\')) {'
  return { lesson, breaks, program: [change('server.ts', loop, '{\n    const [conn] = await once(sock, \'connection\')')] }
}

/** Servers that say too little, or at the wrong moment. */
export const talk: readonly Mistake[] = [
  {
    id: 'no-backpressure',
    find: ({ kind }) => kind === 'memory'
      ? 'your server reads on while its client does not, and keeps in its memory what it cannot send: write returns false when it is time to wait for drain'
      : undefined,
    wrong: [handler(backpressure, 'conn.write(data)')],
  },
  {
    id: 'leaks-sockets',
    find: ({ kind }) => kind === 'descriptors'
      ? 'your server leaks: what it opens for a client it must close when the client has gone, or one day the system gives it no more'
      : undefined,
    wrong: [{
      lesson: 6, breaks: letsGo,
      program: [
        change('server.ts', 'import { inspect }', 'import { openSync } from \'node:fs\'\nimport { inspect }'),
        change('server.ts', LOOP, `openSync('/dev/null', 'r')\n    ${LOOP}`),
      ],
    }],
  },
  {
    id: 'first-client-only',
    find({ kind, peers, peer, received, wanted, program }) {
      const last = peers.at(-1)
      const before = peers.slice(0, -1)
      if (before.length === 0 || !program?.running) return undefined
      const isMute = kind === 'silence' && peer === last && received.length === 0 && before.every(other => !other.open)
      // It has greeted others, and the newest one it has not noticed.
      const greeted = (port = 0) => program.output.seen.some(line => line.includes(`:${port}`))
      const isUnnoticed = kind === 'no-line' && wanted?.includes(`:${last?.port}`) === true
        && !greeted(last?.port) && before.some(other => greeted(other.port))
      return isMute || isUnnoticed
        ? 'your server serves its first client and no other: it accepts once, or it still waits for the first, which has left'
        : undefined
    },
    wrong: [takesOne(4, announces), { ...takesOne(5, nextPlease), name: 'reading' }, { ...takesOne(6, halfClose), name: 'echoing' }],
  },
  {
    id: 'last-chunk-only',
    async find(situation) {
      if (missingFront(situation) > situation.received.length) {
        return 'only the end came back: your server keeps the last chunk, and each takes the place of the one before'
      }
      return (await probe(situation))?.atTheEnd === MORE
        ? 'your server keeps the last chunk only: each takes the place of the one before'
        : undefined
    },
    wrong: [handler(echo, 'last = data', { loop: `let last = Buffer.alloc(0)\n    ${LOOP}`, end: 'conn.end(last)' })],
  },
  {
    id: 'swallows-the-first',
    async find(situation) {
      if (missingFront(situation) > 0) {
        return 'the beginning is missing: your server takes the first chunk for itself and sends back what comes after it'
      }
      return (await probe(situation))?.atOnce === MORE
        ? 'your server takes the first chunk for itself and sends back what comes after it'
        : undefined
    },
    wrong: [handler(echo, WRITE, {
      loop: `const [hello] = await once(conn, 'data')\n    console.log(\`Received: \${printable(hello)}\`)\n    ${LOOP}`,
    })],
  },
  {
    id: 'waits-for-the-end',
    async find(situation) {
      const answer = (await probe(situation))?.atTheEnd
      return answer && situation.expected?.toString('latin1').startsWith(answer.slice(0, situation.expected.length))
        ? 'your server answers when the client has ended its side, and not before: most clients wait for an answer first'
        : undefined
    },
    wrong: [handler(echo, 'chunks.push(data)', { loop: `const chunks: Buffer[] = []\n    ${LOOP}`, end: 'conn.end(Buffer.concat(chunks))' })],
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
    wrong: [
      { ...handler(echoSplit, 'conn.write(data)\n      await once(conn, \'drain\')'), says: 'your server waits for drain after every write' },
      {
        ...handler(echoSplit, 'if (conn.write(data)) await once(conn, \'drain\')'), name: 'wrong-way-round',
        says: 'line 24 of server.ts waits for drain when write has returned true',
      },
    ],
  },
  {
    id: 'prints-and-does-not-send',
    find: ({ mute, program }) => mute && program?.output.seen.some(line => line.startsWith('Received: '))
      ? 'your server has read and printed what came, and sends nothing back: is there a write, on the connection and not on the server?'
      : undefined,
    wrong: [
      { lesson: 6, breaks: echo, program: [change('server.ts', `      ${WRITE}\n`, '')] },
      {
        name: 'at-a-terminal', lesson: 6, breaks: ctrlC, unless: noTerminal,
        program: [change('server.ts', `      ${WRITE}\n`, `      if (process.stdout.isTTY) continue\n      ${WRITE}\n`)],
      },
    ],
  },
]

// A line that waits for drain and has no condition, in a line that has none in front of it.
const DRAIN_RE = /^(?!.*(?:\bif\b|\bwhile\b|&&|\|\||\?|\{\s*$)).*\n(?!.*(?:\bif\b|\bwhile\b|&&|\|\||\?)).*\bawait\b.*['"]drain['"]/m
// The condition the wrong way round.
const WRONG_DRAIN_RE = /\bif \([^!\n]*\.write\([^!\n]*\)\)\s*\{?\s*await\b.*['"`]drain['"`]/
const MORE = 'and more\n'
// In milliseconds: a probe waits for an answer that has nothing to wait for any more.
const PROBE = 300
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

/** How many bytes are missing in front, where what came is the end of what was expected. */
function missingFront({ received, expected }: Situation): number {
  if (!expected || received.length === 0 || received.length >= expected.length) return 0
  const missing = expected.length - received.length
  // Of bytes that are all the same nobody can tell which are missing.
  if (expected.subarray(0, received.length).equals(received)) return 0
  return expected.subarray(missing).equals(received) ? missing : 0
}
