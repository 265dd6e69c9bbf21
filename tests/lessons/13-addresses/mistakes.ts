import { change } from '#workbook/check/change.ts'
import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { addressFile, addressIpv6, anyPort, fileInTheWay, noAddress } from './behaviours.ts'

/** Programs that write a place otherwise than they read it, from lesson 13 on. */
export const mistakes: readonly Mistake[] = [
  {
    id: 'undefined-peer',
    find: ({ kind, wanted, program }) => kind === 'no-line' && wanted?.includes('unnamed') && program?.output.seen.some(line => line.includes('undefined'))
      ? 'a client that comes through a Unix socket has no address: its remoteAddress is undefined, and your program prints that'
      : undefined,
    wrong: [{
      breaks: addressFile,
      program: [
        change('server.ts', 'remotePort: port = 0', 'remotePort: port'),
        change('server.ts', 'host ? printAddress({ host, port }) : \'an unnamed socket\'', 'host?.includes(\':\') ? `[${host}]:${port}` : `${host}:${port}`'),
      ],
    }],
  },
  {
    id: 'bare-ipv6',
    find({ kind, wanted, program }) {
      if (kind !== 'no-line' || !wanted?.includes('[') || !program) return undefined
      const bare = wanted.replace(/[[\]]/g, '')
      const found = program.output.seen.find(line => line === bare || line.replace(/:\d+$/, '') === bare.replace(/:\d+$/, ''))
      return found && `"${found}" has no brackets: nobody can tell where the address ends and the port begins`
    },
    wrong: [{
      breaks: addressIpv6,
      program: [change('address.ts', 'host.includes(\':\') ? `[${host}]:${port}` : `${host}:${port}`', '`${host}:${port}`')],
    }],
  },
  {
    id: 'says-what-was-asked',
    of: [anyPort],
    find: ({ kind, program }) => kind === 'no-line' && program?.output.seen.includes('Listening on 127.0.0.1:0')
      ? 'your program prints what it asked for; only sock.address() knows what it got, once it listens'
      : undefined,
    wrong: [{
      breaks: anyPort,
      program: [change('server.ts', 'printAddress(addressOf(sock))', 'printAddress(address)')],
    }],
  },
  {
    id: 'cuts-the-path',
    of: [noAddress],
    find: ({ kind, program }) => LONG_RE.test(program?.typed ?? '') && kind !== 'not-listening'
      ? 'that path is longer than a socket can hold: some versions of Node cut it off and listen at another file'
      : undefined,
    wrong: [{
      breaks: noAddress,
      program: [change('address.ts', 'length <= 103', 'length <= 1030')],
    }],
  },
  {
    id: 'takes-names',
    of: [noAddress],
    find: ({ kind, program }) => kind === 'runs-on' || program?.exitCode === 1
      ? 'your program hands on a text that isn\'t an address, and leaves the system to guess: check it with isIPv4 and isIPv6 of node:net'
      : undefined,
    wrong: [{
      breaks: noAddress,
      program: [change('address.ts', '!isIPv6(six) && !isIPv4(four)', 'six + four === \'\'')],
    }],
  },
  {
    id: 'removes-files',
    of: [addressFile, fileInTheWay],
    find: ({ kind }) => kind === 'other' || kind === 'runs-on'
      ? 'your program removes what is in its way, but that may be somebody\'s file, or the door of a running server'
      : undefined,
    wrong: [{
      breaks: addressFile,
      program: [
        change('server.ts', 'import { finished }', 'import { rmSync } from \'node:fs\'\nimport { finished }'),
        change('server.ts', '  sock.listen(', '  if (\'path\' in address) rmSync(address.path, { force: true })\n  sock.listen('),
      ],
    }],
  },
]

const LONG_RE = /unix:.*0{100}/
