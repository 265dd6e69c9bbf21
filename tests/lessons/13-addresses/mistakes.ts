import type { Mistake } from '#workbook/check/explain/mistake.ts'

/** Programs that write a place otherwise than they read it, from lesson 13 on. */
export const mistakes: readonly Mistake[] = [
  {
    id: 'undefined-peer',
    find: ({ kind, wanted, program }) => kind === 'no-line' && wanted?.includes('unnamed') && program?.output.seen.some(line => line.includes('undefined'))
      ? 'a client that comes through a Unix socket has no address: its remoteAddress is undefined, and your program prints that'
      : undefined,
  },
  {
    id: 'bare-ipv6',
    find({ kind, wanted, program }) {
      if (kind !== 'no-line' || !wanted?.includes('[') || !program) return undefined
      const bare = wanted.replace(/[[\]]/g, '')
      const found = program.output.seen.find(line => line === bare || line.replace(/:\d+$/, '') === bare.replace(/:\d+$/, ''))
      return found && `"${found}" has no brackets: nobody can tell where the address ends and the port begins`
    },
  },
  {
    id: 'says-what-was-asked',
    find: ({ behaviour, kind, program }) => behaviour.id === 'any-port' && kind === 'no-line' && program?.output.seen.includes('Listening on 127.0.0.1:0')
      ? 'your program prints what it asked for; what it was given only sock.address() knows, once it listens'
      : undefined,
  },
  {
    id: 'cuts-the-path',
    find: ({ behaviour, kind, program }) => behaviour.id === 'no-address' && LONG_RE.test(program?.typed ?? '') && kind !== 'not-listening'
      ? 'that path is longer than a socket can hold: some versions of Node cut it off and listen at another file'
      : undefined,
  },
  {
    id: 'takes-names',
    find: ({ behaviour, kind, program }) => behaviour.id === 'no-address' && (kind === 'runs-on' || program?.exitCode === 1)
      ? 'your program hands on what is no address, and leaves it to the system to guess: isIPv4 and isIPv6 of node:net tell'
      : undefined,
  },
  {
    id: 'removes-files',
    find: ({ behaviour, kind }) => FILES.has(behaviour.id) && (kind === 'other' || kind === 'runs-on')
      ? 'your program removes what is in its way, and it may be somebody\'s file, or the door of a server that runs'
      : undefined,
  },
]

const LONG_RE = /unix:.*0{100}/
const FILES = new Set(['address-file', 'file-in-the-way'])
