import { once } from 'node:events'
import { createServer } from 'node:net'
import { canIsolate } from '#workbook/machine/isolate.ts'
import { isListening } from '#workbook/machine/listening.ts'
import type { Behaviour, World } from '#workbook/check/behaviour.ts'
import { expectExitCode, expectOneLine } from '#workbook/check/client/expect.ts'
import { Failure } from '#workbook/check/explain/failure.ts'
import { listenersOf, type Address } from '#workbook/machine/sockets.ts'
import type { Program, StartOptions } from '#workbook/check/program/program.ts'
import { DEADLINES, PORT } from '#workbook/check/setting.ts'
import { getsIn, queueServed } from '../shared/queue.ts'

const CLIENT = 'client.ts'
const SERVER = 'server.ts'

/** Why a program cannot be put into a world of its own here. */
export function noIsolation(): string | undefined {
  return canIsolate() ? undefined : 'it can be seen only where unshare may make a network of its own'
}

/** The port of the texts if it is free here, or else one that is. */
export async function otherPort(): Promise<number> {
  if (!await isListening(8080)) return 8080
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  await new Promise(resolve => server.close(resolve))
  return port
}

/** Starts the server, and proves with an echo that it is there, and that nobody is at 12345. */
export async function servesAt(
  world: World, place: Address, args: readonly string[], options?: StartOptions,
): Promise<Program> {
  const program = world.start(SERVER, args, options)
  const { host, port } = place
  await program.listening(port, host)
  const peer = await world.connect(undefined, place)
  await peer.send('Hello\n')
  await peer.receives('Hello\n')
  if (port !== PORT && await isListening(PORT)) {
    throw new Failure('other', `your program listens on port ${PORT} as well`, { program })
  }
  return program
}

/** What a program cannot use, and how it should say so. */
export interface Refusal {
  file?: string
  args: readonly string[]
  options?: StartOptions
  exitCode: 1 | 2
  /** What the line has to name; anything unless given. */
  words?: RegExp
}

/** Starts the program with each of these, some at a time, and expects one line and the exit code. */
export async function refuses(world: World, ...refusals: readonly Refusal[]): Promise<void> {
  const waiting = [...refusals]
  while (waiting.length > 0) {
    const some = waiting.splice(0, AT_A_TIME).map(refusal => {
      const { file = SERVER, args, options } = refusal
      return { ...refusal, program: world.start(file, args, options) }
    })
    for (const { program, args, options, exitCode, words } of some) {
      const what = told(args, options)
      const byHand = typed(program, options)
      if (!await endsOrListens(program)) {
        await program.settled()
        // One that listens, and has nothing more to do, is not about to refuse anything.
        const certain = program.running && listens(program)
        throw new Failure('runs-on', `your program runs, and should have refused ${what}`, { program, byHand: [byHand], ...certain && { certain } })
      }
      try {
        expectOneLine(program, words ?? /./, words ? `that names ${naming(words)}` : 'that says what is wrong')
        expectExitCode(program, exitCode)
      } catch (error) {
        if (!(error instanceof Failure)) throw error
        throw new Failure(error.kind, `${what}: ${error.message}`, { ...error.evidence, byHand: [`${byHand}; echo $?`] })
      }
    }
  }
}

// A check may use two processors.
const AT_A_TIME = 4

/** @returns whether it has ended; one that listens will not */
async function endsOrListens(program: Program): Promise<boolean> {
  let over = false
  const ends = program.ended(DEADLINES.end).then(() => true, () => false).finally(() => over = true)
  while (!over && !listens(program)) await Promise.race([ends, new Promise(resolve => setTimeout(resolve, LOOK))])
  // A look too late sees the door of one that was about to end.
  if (over) return await ends
  return await Promise.race([ends, new Promise<false>(resolve => setTimeout(() => resolve(false), LOOK))])
}

function listens({ pid, output }: Program): boolean {
  return listenersOf(pid).length > 0 || output.seen.some(line => line.startsWith('Listening on'))
}

// In milliseconds.
const LOOK = 50

function naming(words: RegExp): string {
  return words.source.replaceAll('.*', ' and ').replaceAll('\\', '')
}

function told(args: readonly string[], { env = {} }: StartOptions = {}): string {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`)
  return [...variables, ...args.map(word => word === '' ? '\'\'' : word)].join(' ').replace(/0{50,}/, '000...').replace('\n', '\\n')
}

function typed(program: Program, { env = {}, unprivileged }: StartOptions = {}): string {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value} `).join('')
  // A name of many zeros is not for typing.
  return (unprivileged ? 'unshare -Un ' : '') + variables + program.typed.replace(/0{50,}/, zeros => `$(printf %0${zeros.length}d)`)
}

// inspect() breaks a text of more than 128 letters where it has a newline, unless it is told not to.
const LONG_NAME = `no..where\n${'at all '.repeat(20)}`

export const obeysPort: Behaviour = {
  id: 'obeys-port',
  title: 'with --port 8080 it listens on 8080, and says so',
  alone: true,
  byHand: run => [run(SERVER, ['--port', '8080']), 'nc 127.0.0.1 8080'],
  async story(world) {
    const port = await otherPort()
    const program = await servesAt(world, { host: '127.0.0.1', port }, ['--port', String(port)])
    await program.says(`Starting server on port ${port}`)
  },
}

export const obeysHost: Behaviour = {
  id: 'obeys-host',
  title: 'with --host 127.0.0.2 it listens there, and nowhere else',
  platforms: ['linux'],
  alone: true,
  byHand: run => [run(SERVER, ['--host', '127.0.0.2']), `nc 127.0.0.2 ${PORT}`],
  async story(world) {
    await servesAt(world, { host: '127.0.0.2', port: PORT }, ['--host=127.0.0.2'])
  },
}

export const obeysBacklog: Behaviour = {
  id: 'obeys-backlog',
  title: 'with --backlog 3 the kernel lets 4 clients wait at the door, and not one more',
  platforms: ['linux'],
  alone: true,
  plain: true,
  byHand: run => [run(SERVER, ['--backlog', '3']), `ss -ltn 'sport = :${PORT}'    # Send-Q should say 3`],
  async story(world) {
    const program = world.start(SERVER, ['--backlog', '3'])
    await program.listening(PORT)
    program.signal('SIGSTOP')
    // What waits at the door has not begun to speak TLS.
    for (let count = 0; count < 4; count++) {
      await world.call(1000).catch(() => {
        throw new Failure('other', `only ${count} clients got in, and with --backlog 3 the kernel lets in 4`, { program })
      })
    }
    if (await getsIn(world.call)) {
      throw new Failure('other', 'a fifth client got in, and with --backlog 3 the kernel lets in 4', { program })
    }
    program.signal('SIGCONT')
    await queueServed()
  },
}

export const environment: Behaviour = {
  id: 'environment',
  title: 'without options HOST and PORT of the environment count, unless they are empty',
  alone: true,
  byHand: run => [`PORT=8080 ${run()}`, 'nc 127.0.0.1 8080'],
  async story(world) {
    const port = await otherPort()
    const host = process.platform === 'linux' ? '127.0.0.2' : '127.0.0.1'
    const first = await servesAt(world, { host, port }, [], { env: { HOST: host, PORT: String(port) } })
    await first.kill()
    await servesAt(world, { host: '127.0.0.1', port: PORT }, [], { env: { HOST: '', PORT: '' } })
  },
}

export const optionBeatsEnvironment: Behaviour = {
  id: 'option-beats-environment',
  title: 'an option beats the environment',
  alone: true,
  byHand: run => [`PORT=8080 ${run(SERVER, ['--port', String(PORT)])}`, `nc 127.0.0.1 ${PORT}`],
  async story(world) {
    await servesAt(world, { host: '127.0.0.1', port: PORT }, ['--host', '127.0.0.1', '--port', String(PORT)], {
      env: { HOST: '192.0.2.1', PORT: String(await otherPort()) },
    })
  },
}

export const noNumber: Behaviour = {
  id: 'no-number',
  title: 'a port or backlog that isn\'t one is refused, in one line, with exit code 2',
  alone: true,
  byHand: run => [`${run(SERVER, ['--port', 'abc'])}; echo $?`],
  async story(world) {
    // What is taken for a number is one that everybody may listen on, or it would be seen as another mistake.
    const bad = ['abc', '', '65536', '8080abc', '0x1f90', '8e3', '8080.5', ' 8080', '-1', '8080\n9090']
    await refuses(
      world, ...bad.map(text => ({ args: [`--port=${text}`], exitCode: 2 }) as const),
      { args: ['--backlog', 'many'], exitCode: 2 },
      { args: [], exitCode: 2, options: { env: { PORT: 'http' } } },
    )
  },
}

export const notUnderstood: Behaviour = {
  id: 'not-understood',
  title: 'what it does not understand is refused, in one line, with exit code 2',
  alone: true,
  byHand: run => [`${run(SERVER, ['--prot', '8080'])}; echo $?`],
  async story(world) {
    const bad = [['--prot', '8080'], ['--port'], ['--port', '-1'], ['8080'], ['--host', '']]
    await refuses(world, ...bad.map(args => ({ args, exitCode: 2 }) as const))
  },
}

export const notThisMachine: Behaviour = {
  id: 'not-this-machine',
  title: 'an address that is not this machine\'s is one line, with exit code 1',
  alone: true,
  byHand: run => [`${run(SERVER, ['--host', '192.0.2.1'])}; echo $?`],
  story: world => refuses(world, { args: ['--host', '192.0.2.1'], exitCode: 1, words: /192\.0\.2\.1/ }),
}

export const noSuchName: Behaviour = {
  id: 'no-such-name',
  title: 'a name that leads to no address is one line, with exit code 1',
  alone: true,
  byHand: run => [`${run(SERVER, ['--host', 'no..where'])}; echo $?`],
  // A name with an empty part is refused before anybody is asked, so this needs no network and no patience.
  story: world => refuses(
    world, ...['no..where', LONG_NAME].map(host => ({ args: ['--host', host], exitCode: 1, words: /no\.\.where/ }) as const),
  ),
}

export const noPermission: Behaviour = {
  id: 'no-permission',
  title: 'port 80 without permission is one line, with exit code 1',
  platforms: ['linux'],
  unless: noIsolation,
  alone: true,
  byHand: run => [`unshare -Un ${run(SERVER, ['--port', '80'])}; echo $?`],
  story: world => refuses(world, { args: ['--port', '80'], exitCode: 1, words: /80/, options: { unprivileged: true } }),
}

export const helps: Behaviour = {
  id: 'helps',
  title: '--help prints the options to standard output and nothing else, exit code 0',
  alone: true,
  byHand: run => [`${run(SERVER, ['--help'])}; echo $?`],
  async story({ start }) {
    for (const file of [SERVER, CLIENT]) {
      const program = start(file, ['--help'])
      await program.ended(DEADLINES.start)
      expectExitCode(program, 0)
      const text = program.output.bytes.toString()
      const missing = ['--host', '--port', '--help'].find(option => !text.includes(option))
      if (missing !== undefined) {
        throw new Failure('output', `${program.typed} should print a line about ${missing} to standard output, and does not`, { program })
      }
      if (program.errors !== '') throw new Failure('output', `${program.typed} should print nothing to standard error`, { program })
    }
  },
}

export const clientObeys: Behaviour = {
  id: 'client-obeys',
  title: 'the client takes --host and --port as well, and its message beside them',
  except: 17,
  alone: true,
  byHand: run => [run(SERVER, ['--port', '8080']), run(CLIENT, ['--port', '8080', 'Good morning'])],
  async story(world) {
    const port = await otherPort()
    const host = process.platform === 'linux' ? '127.0.0.2' : '127.0.0.1'
    await servesAt(world, { host, port }, ['--host', host, '--port', String(port)])
    // No certificate is for 127.0.0.2.
    const name = world.lesson >= 18 ? ['--name', 'localhost'] : []
    const client = world.start(CLIENT, ['--host', host, '--port', String(port), ...name, 'Good morning'])
    await client.says('Received: \'Good morning\'')
    await client.ended()
    expectExitCode(client, 0)
    await refuses(
      world, { file: CLIENT, args: ['--port', 'abc'], exitCode: 2 },
      { file: CLIENT, args: ['--host', 'no..where'], exitCode: 1, words: /no\.\.where/ },
    )
  },
}

/** What begins to hold in this lesson, in the order in which it is told. */
export const behaviours = [
  obeysPort, obeysHost, obeysBacklog, environment, optionBeatsEnvironment, noNumber, notUnderstood,
  notThisMachine, noSuchName, noPermission, helps, clientObeys,
]
