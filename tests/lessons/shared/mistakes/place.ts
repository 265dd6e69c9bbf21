import { change } from '#workbook/check/change.ts'
import { lineOf } from '#workbook/check/explain/crash.ts'
import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { listenersOf, type Address } from '#workbook/machine/sockets.ts'
import { sourceOf, type Situation } from '#workbook/check/explain/situation.ts'
import { listens } from '../../02-a-listening-socket/behaviours.ts'
import { obeysPort } from '../../12-the-command-line/behaviours.ts'
import { unlessLinux } from '../unless.ts'

/** Servers that listen, but not where the clients call. */
export const place: readonly Mistake[] = [
  {
    id: 'all-addresses',
    find(situation) {
      const { port } = situation.place
      const door = doorsOf(situation).find(door => door.port === port && ANY.includes(door.host))
      return door && `your server listens on ${shown(door)}, which is every address of this machine, other people's side too: is host missing in listen?`
    },
    wrong: [
      { lesson: 2, breaks: listens, program: [change('server.ts', 'host: SERVER_NAME, port', 'port')] },
      {
        name: 'options', lesson: 12, breaks: obeysPort,
        program: [
          change('server.ts', 'const { host, port, backlog } = options', 'const { port, backlog } = options'),
          change('server.ts', 'sock.listen({ host, port, backlog })', 'sock.listen({ port, backlog })'),
        ],
      },
    ],
    // To call it shows nothing: it answers there as well.
    byHand: ({ program, place }) => [program?.typed ?? '', `ss -ltn 'sport = :${place.port}'`],
  },
  {
    id: 'localhost-is-ipv6',
    find(situation) {
      const door = doorsOf(situation).find(({ host, port }) => port === situation.place.port && host === '::1')
      return door && `your server listens on ${shown(door)}, which is what the name localhost means first on many machines; a call to 127.0.0.1 finds nobody there`
    },
    wrong: [{ lesson: 2, breaks: listens, program: [change('server.ts', 'const SERVER_NAME = \'127.0.0.1\'', 'const SERVER_NAME = \'::1\'')] }],
  },
  {
    id: 'other-port',
    find(situation) {
      const { port } = situation.place
      const door = doorsOf(situation).find(door => door.port !== port)
      return door && `your server listens on ${shown(door)}, and the clients call port ${port}`
    },
    wrong: [{ lesson: 2, breaks: listens, program: [change('server.ts', 'port: SERVER_PORT', 'port: 12346')] }],
  },
  {
    id: 'other-host',
    find(situation) {
      const wanted = situation.place
      const door = doorsOf(situation).find(({ host, port }) => port === wanted.port && host !== wanted.host)
      return door && `your server listens on ${shown(door)}, and the clients call ${wanted.host}`
    },
    wrong: [{ lesson: 2, breaks: listens, program: [change('server.ts', 'host: SERVER_NAME', 'host: \'127.0.0.2\'')] }],
  },
  {
    id: 'listens-nowhere',
    find(situation) {
      const { program, kind } = situation
      if (kind !== 'not-listening' || !program?.running || doorsOf(situation).length > 0) return undefined
      const line = lineOf(sourceOf(situation), /\.listen\(\s*(?:SERVER_NAME\b|['"`])/)
      if (line !== undefined) {
        return `line ${line} of ${program.file} gives listen a text first, and Node takes that for the path of a Unix socket: listen({ host, port }) cannot be mistaken`
      }
      // Only where the kernel can be asked is "nowhere" more than "not where we looked".
      return process.platform === 'linux'
        ? 'your program runs and has asked the kernel for no listening socket: is listen called, and is the function called that calls it?'
        : undefined
    },
    wrong: [
      {
        lesson: 2, breaks: listens, says: 'your program runs and has asked the kernel for no listening socket', unless: unlessLinux,
        program: [change('server.ts',
          '  sock.listen({ host: SERVER_NAME, port: SERVER_PORT })\n  await once(sock, \'listening\')\n',
          '  // What keeps it running is not the server.\n  setInterval(() => {}, 60_000)\n')],
      },
      {
        name: 'text-first', lesson: 2, breaks: listens, says: 'line 13 of server.ts gives listen a text first', unless: unlessLinux,
        program: [change('server.ts', 'listen({ host: SERVER_NAME, port: SERVER_PORT })', 'listen(SERVER_NAME, SERVER_PORT)')],
      },
    ],
  },
]

const ANY = ['0.0.0.0', '::']

function doorsOf({ kind, program }: Situation): Address[] {
  if (!program?.running || (kind !== 'not-listening' && kind !== 'no-connection')) return []
  return listenersOf(program.pid)
}

function shown({ host, port }: Address): string {
  return `${host} port ${port}`
}
