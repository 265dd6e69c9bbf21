import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Behaviour, World } from '#workbook/check/behaviour.ts'
import { expectExitCode } from '#workbook/check/client/expect.ts'
import { Failure, Unproved } from '#workbook/check/explain/failure.ts'
import type { Target } from '#workbook/check/client/peer.ts'
import type { Program } from '#workbook/check/program/program.ts'
import { DEADLINES, PORT } from '#workbook/check/setting.ts'
import { noIsolation, otherPort, refuses } from '../12-the-command-line/behaviours.ts'

const CLIENT = 'client.ts'
const SERVER = 'server.ts'

/** Starts the server at an address, which it has to print as it was given, and echoes through it. */
async function echoesAt(world: World, address: string, place: Target, peer?: string): Promise<Program> {
  const program = world.start(SERVER, ['--listen', address])
  await program.says(`Listening on ${address}`)
  const client = await world.connect(undefined, place)
  if (peer !== undefined) await program.says(`Received new connection from ${peer.replace('<port>', String(client.port))}`)
  await client.send('Hello\n')
  await client.receives('Hello\n')
  return program
}

/** The client of the folder calls the same address. In lesson 17 it does not speak TLS yet. */
async function clientReaches(world: World, address: string): Promise<void> {
  if (world.lesson === 17) return
  // Node 22.23 and some of 24 find no IPv6 address in a certificate: nodejs/node#64144.
  const name = world.lesson >= 18 && address.startsWith('[') ? ['--name', 'localhost'] : []
  const client = world.start(CLIENT, ['--to', address, ...name, 'Good morning'])
  await client.says('Received: \'Good morning\'')
  await client.ended()
  expectExitCode(client, 0)
}

/** Does something with a folder of its own, whose name is short enough for sockets. */
async function withFolder(what: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'port-'))
  try {
    await what(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function noIPv6(): string | undefined {
  const addresses = Object.values(networkInterfaces()).flatMap(list => list ?? [])
  return addresses.some(({ address }) => address === '::1') ? undefined : 'this machine has no ::1'
}

export const addressIpv4: Behaviour = {
  id: 'address-ipv4',
  title: 'with --listen 127.0.0.1:8080 it prints "Listening on 127.0.0.1:8080"',
  alone: true,
  byHand: run => [run(SERVER, ['--listen', '127.0.0.1:8080']), 'nc 127.0.0.1 8080'],
  async story(world) {
    const port = await otherPort()
    await echoesAt(world, `127.0.0.1:${port}`, { port }, '127.0.0.1:<port>')
    await clientReaches(world, `127.0.0.1:${port}`)
  },
}

export const addressIpv6: Behaviour = {
  id: 'address-ipv6',
  title: 'at [::1]:12345 it listens, and prints its clients as [::1]:49743',
  unless: noIPv6,
  alone: true,
  byHand: run => [run(SERVER, ['--listen', `[::1]:${PORT}`]), `nc ::1 ${PORT}`],
  async story(world) {
    await echoesAt(world, `[::1]:${PORT}`, { host: '::1' }, '[::1]:<port>')
    await clientReaches(world, `[::1]:${PORT}`)
  },
}

export const dualStack: Behaviour = {
  id: 'dual-stack',
  title: 'at [::]:12345 it serves clients of both versions',
  platforms: ['linux'],
  unless: noIPv6,
  alone: true,
  byHand: run => [run(SERVER, ['--listen', `[::]:${PORT}`]), `nc 127.0.0.1 ${PORT}`],
  async story(world) {
    await echoesAt(world, `[::]:${PORT}`, {}, '[::ffff:127.0.0.1]:<port>')
    await clientReaches(world, `[::1]:${PORT}`)
  },
}

export const addressScope: Behaviour = {
  id: 'address-scope',
  title: 'an address of one link keeps the name of its link: [fe80::1%eth0]:12345',
  platforms: ['linux'],
  unless: () => noIsolation() ?? noIPv6(),
  alone: true,
  inLane: true,
  byHand: run => ['ip -6 addr show scope link', run(SERVER, ['--listen', `[fe80::1%eth0]:${PORT}`])],
  async story(world) {
    if (!world.ownNetwork) throw new Unproved('the loopback needs one more address for it, and this network is not ours alone')
    spawnSync('ip', ['addr', 'add', 'fe80::1/64', 'dev', 'lo', 'nodad'], { stdio: 'ignore', timeout: 2000 })
    await echoesAt(world, `[fe80::1%lo]:${PORT}`, { host: 'fe80::1%lo' }, '[fe80::1%lo]:<port>')
  },
}

export const addressFile: Behaviour = {
  id: 'address-file',
  title: 'at unix:/tmp/echo.sock it listens at a file, and its clients are unnamed',
  platforms: ['linux', 'darwin'],
  alone: true,
  byHand: run => [run(SERVER, ['--listen', 'unix:/tmp/echo.sock']), run(CLIENT, ['--to', 'unix:/tmp/echo.sock'])],
  story: world => withFolder(async folder => {
    const path = join(folder, 'echo.sock')
    await echoesAt(world, `unix:${path}`, { path }, 'an unnamed socket')
    await clientReaches(world, `unix:${path}`)
    await refuses(world, { args: ['--listen', `unix:${path}`], exitCode: 1, words: /echo\.sock/ })
  }),
}

export const addressAbstract: Behaviour = {
  id: 'address-abstract',
  title: 'at abstract:echo it listens at a name that isn\'t a file',
  platforms: ['linux'],
  alone: true,
  byHand: run => [run(SERVER, ['--listen', 'abstract:echo']), run(CLIENT, ['--to', 'abstract:echo'])],
  async story(world) {
    const name = `echo-${world.random.next()}`
    await echoesAt(world, `abstract:${name}`, { path: `\0${name}` }, 'an unnamed socket')
    await clientReaches(world, `abstract:${name}`)
  },
}

export const anyPort: Behaviour = {
  id: 'any-port',
  title: 'at port 0 it prints the port that it was given',
  alone: true,
  byHand: run => [run(SERVER, ['--port', '0'])],
  async story(world) {
    const program = world.start(SERVER, ['--port', '0'])
    const line = await program.line(printed => /^Listening on 127\.0\.0\.1:[1-9]\d*$/.test(printed), 'Listening on 127.0.0.1:49743')
    const port = Number(/\d+$/.exec(line)?.[0])
    const peer = await world.connect(undefined, { port })
    await peer.send('Hello\n')
    await peer.receives('Hello\n')
  },
}

export const noAddress: Behaviour = {
  id: 'no-address',
  title: 'what isn\'t an address is refused, in one line, with exit code 2',
  alone: true,
  byHand: run => [`${run(SERVER, ['--listen', '::1:80'])}; echo $?`],
  async story(world) {
    const bad = [
      '127.0.0.1', '127.0.0.1:', '127.1:80', 'localhost:80', '::1:80', '[::1]', '[127.0.0.1]:80', '127.0.0.1:080',
      '127.0.0.1:65536', '[fe80::1]:80', 'unix:echo.sock', 'unix:/tmp/../echo.sock', 'abstract:', 'http:x', '',
    ]
    await refuses(
      world, ...bad.map(text => ({ args: ['--listen', text], exitCode: 2 }) as const),
      { args: ['--listen', '127.0.0.1:80', '--port', '80'], exitCode: 2 },
      { file: CLIENT, args: ['--to', '::1:80'], exitCode: 2 },
    )
    // Longer than a socket can hold: some versions of Node cut it off without a word, and make another file.
    await withFolder(folder => refuses(world, { args: ['--listen', `unix:${folder}/${'0'.repeat(120)}`], exitCode: 2 }))
  },
}

export const fileInTheWay: Behaviour = {
  id: 'file-in-the-way',
  title: 'a file in the way, or no folder for one, is one line, with exit code 1',
  platforms: ['linux', 'darwin'],
  alone: true,
  byHand: run => [`touch /tmp/file\n${run(SERVER, ['--listen', 'unix:/tmp/file'])}; echo $?`],
  story: world => withFolder(async folder => {
    const file = join(folder, 'file')
    writeFileSync(file, 'precious\n')
    await refuses(
      world, { args: ['--listen', `unix:${file}`], exitCode: 1, words: /file/ },
      { args: ['--listen', `unix:${folder}/no/file`], exitCode: 1, words: /no\/file/ },
    )
    const left = readOr(file)
    if (left !== 'precious\n') throw new Failure('other', 'your server removed a file that was not its own')
    // A server that is killed leaves its file behind.
    const socket = join(folder, 'stale.sock')
    const killed = world.start(SERVER, ['--listen', `unix:${socket}`])
    await killed.says(`Listening on unix:${socket}`)
    await killed.kill()
    await refuses(world, { args: ['--listen', `unix:${socket}`], exitCode: 1, words: /stale\.sock/ })
    const client = world.start(CLIENT, ['--to', `unix:${socket}`])
    await client.ended(DEADLINES.start)
    expectExitCode(client, 1)
  }),
}

/** What begins to hold in this lesson, in the order in which it is told. */
export const behaviours = [
  addressIpv4, addressIpv6, dualStack, addressScope, addressFile, addressAbstract, anyPort,
  noAddress, fileInTheWay,
]

function readOr(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
