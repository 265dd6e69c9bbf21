import { change } from '#workbook/check/change.ts'
import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { sourceOf } from '#workbook/check/explain/situation.ts'
import { fifteenSeconds, greedyLetGo, holdsNobodyAtTheDoor, nextGetsIn, silentLetGo, toldThatItIsFull } from './behaviours.ts'

const known: readonly Mistake[] = [
  {
    id: 'only-notices-silence',
    of: [silentLetGo, fifteenSeconds, greedyLetGo],
    find(situation) {
      if (situation.kind !== 'stays-open') return undefined
      return sourceOf(situation).includes('.setTimeout(')
        ? 'a socket\'s setTimeout tells your program that nothing has moved, but closes nothing: that is left to you'
        : 'nothing in your program ends a connection on which nothing moves, and the kernel keeps it for ever'
    },
    wrong: [{
      breaks: silentLetGo,
      says: 'a socket\'s setTimeout tells',
      program: [
        change('server.ts', '      const error = new Error(`nothing moved for ${timeout} s`)\n', ''),
        change('server.ts', 'conn.destroy(Object.assign(error, { code: \'IDLE\' }))', 'console.log(`${peer} is idle`)'),
      ],
    }, {
      name: 'no-timeout',
      breaks: silentLetGo,
      says: 'nothing in your program ends',
      program: [change('server.ts', `    conn.setTimeout(timeout * 1000, () => {
      const error = new Error(\`nothing moved for \${timeout} s\`)
      conn.destroy(Object.assign(error, { code: 'IDLE' }))
    })
`, '')],
    }],
  },
  {
    id: 'cuts-talkers',
    of: [silentLetGo],
    find: ({ kind, peer, peers }) => (kind === 'closed' || kind === 'broke') && peer === peers[0]
      ? 'this client was talking: its clock has to restart with every byte, as that of a socket\'s own setTimeout does, and setTimeout counts milliseconds'
      : undefined,
    wrong: [{
      breaks: silentLetGo,
      program: [
        change('server.ts', 'conn.setTimeout(timeout * 1000, () => {', 'setTimeout(() => {'),
        change('server.ts', '{ code: \'IDLE\' }))\n    })', '{ code: \'IDLE\' }))\n    }, timeout * 1000)'),
      ],
    }],
  },
  {
    id: 'destroys-without-an-error',
    of: [greedyLetGo],
    find: ({ kind }) => kind === 'other'
      ? 'the handler still waits for a drain that cannot come: only an error wakes it, so give one to destroy'
      : undefined,
    wrong: [{
      breaks: greedyLetGo,
      program: [change('server.ts', 'conn.destroy(Object.assign(error, { code: \'IDLE\' }))', 'conn.destroy()')],
    }],
  },
  {
    id: 'turns-away-in-silence',
    of: [toldThatItIsFull],
    find: ({ kind }) => kind === 'closed'
      ? 'this is what Node\'s own limit, maxConnections, does: it closes the connection, and your program never gets to say a word on it'
      : undefined,
    wrong: [{
      breaks: toldThatItIsFull,
      program: [
        change('server.ts', '  for await (const [conn] of on(sock, \'connection\'))', '  sock.maxConnections = maxConnections\n  for await (const [conn] of on(sock, \'connection\'))'),
        change('server.ts', '    if (clients.size < maxConnections) handleClient(conn)\n    else turnAway(conn)\n', '    handleClient(conn)\n'),
      ],
    }],
  },
  {
    id: 'keeps-the-place',
    of: [nextGetsIn],
    find: ({ kind }) => kind === 'other'
      ? 'a client that leaves has to be counted out, however the conversation ended: that is what finally is for'
      : undefined,
    wrong: [{
      breaks: nextGetsIn,
      program: [change('server.ts', ' finally {\n      clients.delete(conn)\n    }', '')],
    }],
  },
  {
    id: 'keeps-them-at-the-door',
    of: [holdsNobodyAtTheDoor],
    find: ({ kind }) => kind === 'descriptors'
      ? 'end closes our side only, and a client that was turned away may never close the other: after a moment, destroy'
      : undefined,
    wrong: [{
      breaks: holdsNobodyAtTheDoor,
      program: [change('server.ts', '    setTimeout(() => conn.destroy(), 1000)\n', '')],
    }],
  },
]

/** Servers whose limits are not what they seem, from lesson 14 on. A program that has ended has another mistake. */
export const mistakes: readonly Mistake[] = known.map(mistake => ({
  ...mistake, find: situation => situation.program?.running ? mistake.find(situation) : undefined,
}))
