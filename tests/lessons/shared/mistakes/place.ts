import { lineOf } from '#workbook/check/explain/crash.ts'
import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { listenersOf, type Address } from '#workbook/machine/sockets.ts'
import { sourceOf, type Situation } from '#workbook/check/explain/situation.ts'

/** Servers that listen, but not where the clients call. */
export const place: readonly Mistake[] = [
  {
    id: 'all-addresses',
    find(situation) {
      const { port } = situation.place
      const door = doorsOf(situation).find(door => door.port === port && ANY.includes(door.host))
      return door && `your server listens on ${shown(door)}, which is every address of this machine, other people's side too: is host missing in listen?`
    },
    // To call it shows nothing, for it is there as well.
    byHand: ({ program, place }) => [program?.typed ?? '', `ss -ltn 'sport = :${place.port}'`],
  },
  {
    id: 'localhost-is-ipv6',
    find(situation) {
      const door = doorsOf(situation).find(({ host, port }) => port === situation.place.port && host === '::1')
      return door && `your server listens on ${shown(door)}, which is what the name localhost means first on many machines; a call to 127.0.0.1 finds nobody there`
    },
  },
  {
    id: 'other-port',
    find(situation) {
      const { port } = situation.place
      const door = doorsOf(situation).find(door => door.port !== port)
      return door && `your server listens on ${shown(door)}, and the clients call port ${port}`
    },
  },
  {
    id: 'other-host',
    find(situation) {
      const wanted = situation.place
      const door = doorsOf(situation).find(({ host, port }) => port === wanted.port && host !== wanted.host)
      return door && `your server listens on ${shown(door)}, and the clients call ${wanted.host}`
    },
  },
  {
    id: 'asks-for-511',
    find: situation => situation.behaviour.id === 'backlog' && situation.reason.startsWith('a seventh') && !sourceOf(situation).includes('backlog')
      ? 'your server names no backlog, so Node asks for 511: lessons 3 to 7 ask for 5, and from lesson 8 on it is right to leave it out'
      : undefined,
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
