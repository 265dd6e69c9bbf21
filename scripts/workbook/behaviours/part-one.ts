import type { Behaviour, World } from './behaviour.ts'
import { expectBytes, expectOneLine } from './expect.ts'
import { Failure } from './failure.ts'
import type { Peer } from './peer.ts'
import { DEADLINES, type Program } from './program.ts'

const ANNOUNCEMENT_RE = /^Received new connection from 127\.0\.0\.1:(\d+)$/

/** Connects a client and waits until the program has named it by its port. */
async function announced(world: World, program: Program): Promise<Peer> {
  const peer = await world.connect()
  const line = await program.line(ANNOUNCEMENT_RE, '"Received new connection from 127.0.0.1:" and the client\'s port')
  const port = Number(ANNOUNCEMENT_RE.exec(line)?.[1])
  if (port !== peer.port) throw new Failure(`the client's port is ${peer.port} and your program says ${port}`, { program })
  return peer
}

async function expectGivesUp(client: Program, words: RegExp, what: string): Promise<void> {
  const code = await client.ended(DEADLINES.start)
  expectOneLine(client, words, what)
  if (code !== 1) throw new Failure(`the client's exit code is ${code} and should be 1`, { program: client })
}

/** Part I: what one connection at a time must do. */
export const partOne: readonly Behaviour[] = [
  {
    id: 'says-that-it-starts',
    title: 'it says "Starting server on port 12345"',
    from: 1,
    async story({ start }) {
      await start().line(/^Starting server on port 12345$/, 'the line "Starting server on port 12345"')
    },
  },
  {
    id: 'ends-by-itself',
    title: 'it ends by itself, with exit code 0',
    from: 1,
    to: 1,
    async story({ start }) {
      const program = start()
      const code = await program.ended()
      if (code !== 0) throw new Failure(`the exit code is ${code} and should be 0`, { program })
    },
  },
  {
    id: 'listens',
    title: 'it listens on 127.0.0.1 port 12345 and takes a connection',
    from: 2,
    async story({ serve, connect }) {
      const program = await serve()
      await connect()
      if (!program.running) throw new Failure('your program ended when a client came', { program })
    },
  },
  {
    id: 'second-copy',
    title: 'a second copy says that the port is taken, in one line, with exit code 1',
    from: 2,
    async story({ serve, start, connect }) {
      const first = await serve()
      const second = start()
      const code = await second.ended(DEADLINES.start)
      expectOneLine(second, /12345/, 'that names the port')
      if (code !== 1) throw new Failure(`the exit code is ${code} and should be 1`, { program: second })
      await connect()
      if (!first.running) throw new Failure('the first copy ended as well', { program: first })
    },
  },
  {
    id: 'ctrl-c',
    title: 'Ctrl-C ends it at once, and the port is free for the next start',
    from: 2,
    async story({ serve, connect }) {
      const first = await serve()
      await connect()
      first.signal('SIGINT')
      await first.ended(DEADLINES.stop)
      const second = await serve()
      await connect()
      if (!second.running) throw new Failure('the next start ended when a client came', { program: second })
    },
  },
  {
    id: 'backlog',
    title: 'while it is stopped, the kernel lets backlog + 1 clients in, and not one more',
    from: 3,
    platforms: ['linux'],
    async story({ serve, connect }) {
      const program = await serve()
      program.signal('SIGSTOP')
      for (let count = 0; count < 6; count++) await connect()
      const seventh = await connect(400).catch(() => undefined)
      program.signal('SIGCONT')
      if (seventh) throw new Failure('a seventh client got in: the backlog is not 5', { program })
      await connect()
    },
  },
  {
    id: 'announces',
    title: 'it prints the address and port of each client',
    from: 4,
    async story(world) {
      const program = await world.serve()
      for (let count = 0; count < 3; count++) (await announced(world, program)).end()
    },
  },
  {
    id: 'leaves-at-once',
    title: 'a client that connects and leaves at once does no harm',
    from: 4,
    async story(world) {
      const program = await world.serve()
      for (let count = 0; count < 5; count++) (await world.connect()).destroy()
      const peer = await world.connect()
      await program.line(new RegExp(`^Received new connection from 127\\.0\\.0\\.1:${peer.port}$`), 'the next client\'s address and port')
    },
  },
  {
    id: 'prints-what-came',
    title: 'it prints what a client sends: Received: \'Hello\\n\'',
    from: 5,
    async story(world) {
      const program = await world.serve()
      const peer = await announced(world, program)
      await peer.send('Hello\n')
      await program.line(/^Received: 'Hello\\n'$/, 'the line "Received: \'Hello\\n\'"')
    },
  },
  {
    id: 'prints-escaped',
    title: 'bytes that could steer a terminal are printed escaped',
    from: 5,
    async story(world) {
      const program = await world.serve()
      const peer = await announced(world, program)
      await peer.send('\x1b[2J\x07\x9b31mboo\r\n')
      await program.line(/^Received: .*\\x1B\[2J\\x07\\x9B31mboo\\r\\n/i, 'the bytes 1b and 07 as \\x1B and \\x07')
      const raw = Buffer.concat(program.stdout).find(byte => byte < 0x20 && byte !== 0x0a)
      if (raw !== undefined) throw new Failure(`the byte ${raw.toString(16).padStart(2, '0')} reached the terminal as it was`, { program })
    },
  },
  {
    id: 'next-please',
    title: 'when a client has ended, the next one is served',
    from: 5,
    async story(world) {
      const program = await world.serve()
      for (const name of ['first', 'second', 'third']) {
        const peer = await announced(world, program)
        await peer.send(`${name}\n`)
        await program.line(new RegExp(`^Received: '${name}\\\\n'$`), `"Received: '${name}\\n'"`)
        peer.end()
      }
    },
  },
  {
    id: 'echo',
    title: 'what is sent comes back',
    from: 6,
    async story({ serve, connect }) {
      await serve()
      const peer = await connect()
      await peer.send('Hello\n')
      expectBytes(await peer.receive(6), Buffer.from('Hello\n'), 'printf \'Hello\\n\' | nc -N 127.0.0.1 12345')
    },
  },
  {
    id: 'echo-binary',
    title: 'every byte value comes back as it was sent',
    from: 6,
    async story({ serve, connect }) {
      await serve()
      const peer = await connect()
      const every = Buffer.from(Array.from({ length: 256 }, (_, value) => value))
      await peer.send(every)
      expectBytes(await peer.receive(256), every)
    },
  },
  {
    id: 'echo-split',
    title: 'a message split at any byte comes back whole',
    from: 6,
    async story({ serve, connect, random }) {
      await serve()
      const message = random.bytes(64)
      const peer = await connect()
      for (let at = 1; at < message.length; at++) {
        // The second half leaves only when the first is back: they cannot travel as one.
        for (const half of [message.subarray(0, at), message.subarray(at)]) {
          await peer.send(half)
          expectBytes(await peer.receive(half.length), half)
        }
      }
    },
  },
  {
    id: 'half-close',
    title: 'when the client ends its side, all of it comes back, and then the end',
    from: 6,
    async story({ serve, connect, random }) {
      await serve()
      for (const size of [0, 1, 100_000]) {
        const peer = await connect()
        const message = random.bytes(size)
        const sending = peer.send(message)
        peer.end()
        expectBytes(await peer.receiveToEnd(), message)
        await sending
      }
    },
  },
  {
    id: 'echo-large',
    title: '10 MB of random bytes come back the same',
    from: 6,
    async story({ serve, connect, random }) {
      await serve()
      const peer = await connect()
      const message = random.bytes(10_000_000)
      const sending = peer.send(message)
      peer.end()
      expectBytes(await peer.receiveToEnd(20_000), message)
      await sending
    },
  },
  {
    id: 'backpressure',
    title: 'it stops reading from a client that does not read',
    from: 6,
    async story({ serve, connect }) {
      const program = await serve()
      const peer = await connect()
      peer.pause()
      const block = Buffer.alloc(1 << 20, 'x')
      let taken = 0
      while (taken < MOST_TAKEN && (peer.push(block) || await peer.drained(1000))) taken += block.length
      if (taken >= MOST_TAKEN) {
        throw new Failure(`your server took ${taken >> 20} MB from a client that reads nothing: they pile up in its memory`, { program })
      }
      if (!program.running) throw new Failure('your program ended', { program })
    },
  },
  {
    id: 'one-after-another',
    title: '200 clients, one after another, are all served',
    from: 6,
    async story({ serve, connect }) {
      await serve()
      for (let count = 0; count < 200; count++) {
        const peer = await connect()
        const message = Buffer.from(`client ${count}\n`)
        await peer.send(message)
        peer.end()
        expectBytes(await peer.receiveToEnd(), message)
      }
    },
  },
  {
    id: 'client-talks',
    title: 'the client sends its message, prints what comes back and ends',
    from: 7,
    async story({ serve, start }) {
      await serve()
      for (const [args, printed] of [[[], 'Hello'], [['Good morning'], 'Good morning']] as const) {
        const client = start('client.ts', args)
        await client.line(new RegExp(`^Received: '${printed}'$`), `"Received: '${printed}'"`)
        const code = await client.ended()
        if (code !== 0) throw new Failure(`the client's exit code is ${code} and should be 0`, { program: client })
      }
    },
  },
  {
    id: 'client-reads-to-the-end',
    title: 'the client puts together an answer that comes in pieces',
    from: 7,
    async story({ answer, start }) {
      await answer(async conn => {
        for (const piece of ['Hel', 'lo, ', 'world']) {
          conn.write(piece)
          // Written in one go, they would arrive as one.
          await new Promise(resolve => setTimeout(resolve, 30))
        }
        conn.end()
      })
      await start('client.ts').line(/^Received: 'Hello, world'$/, '"Received: \'Hello, world\'"')
    },
  },
  {
    id: 'client-ends-its-side',
    title: 'the client says when it has sent everything',
    from: 7,
    async story({ answer, start }) {
      await answer(conn => conn.resume().on('end', () => conn.end('all of it')))
      await start('client.ts').line(/^Received: 'all of it'$/, '"Received: \'all of it\'": the server waits for the end of what the client sends')
    },
  },
  {
    id: 'client-refused',
    title: 'where nobody listens, the client says so in one line, with exit code 1',
    from: 7,
    async story({ start }) {
      await expectGivesUp(start('client.ts'), /12345/, 'that names the port')
    },
  },
  {
    id: 'client-silence',
    title: 'a server that never answers is given up in time, with one line and exit code 1',
    from: 7,
    async story({ answer, start }) {
      await answer(() => {})
      await expectGivesUp(start('client.ts'), /./, 'that says why')
    },
  },
  {
    id: 'client-no-connection',
    title: 'a connection that never comes about is given up in time',
    from: 7,
    platforms: ['linux'],
    async story({ serve, connect, start }) {
      const server = await serve()
      server.signal('SIGSTOP')
      for (let count = 0; count < 6; count++) await connect()
      await expectGivesUp(start('client.ts'), /./, 'that says why')
    },
  },
]

// Socket buffers on both sides hold a few megabytes; what is beyond is held by the program.
const MOST_TAKEN = 64 << 20
