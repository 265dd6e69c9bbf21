import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { describe, expect, onTestFinished, test } from 'vitest'
import { netcat } from '../../scripts/nc.ts'
import { notProved } from '../support/not-proved.ts'
import { command, folder, freePort, run, start, type Started } from '../support/command.ts'

// The same stories told to the workbook's nc and, where there is one, to the nc that it stands in
// for: what holds for one must hold for the other.
const ours = command(['nc'])
const programs: [string, string[]][] = [['the workbook\'s nc', ours]]
const real = spawnSync('nc', ['-h'], { encoding: 'utf8' })
if (real.stderr?.startsWith('OpenBSD netcat')) programs.push(['OpenBSD\'s nc', ['nc']])
else notProved('that the workbook\'s nc does what OpenBSD\'s does: it is missing here')

/** A server that does `talk` with each connection, on a port of its own. */
async function serve(talk: (conn: Socket) => void): Promise<string> {
  const conns = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, conn => {
    conns.add(conn)
    conn.on('error', () => {})
    talk(conn)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    for (const conn of conns) conn.destroy()
  })
  return String((server.address() as AddressInfo).port)
}

const echo = (conn: Socket) => { conn.pipe(conn) }

describe.each(programs)('%s', (_, nc) => {
  test('-N: half-closes after the last byte and prints all that comes back', async () => {
    const port = await serve(echo)
    expect(await run([...nc, '-N', '127.0.0.1', port], { stdin: 'Hello\n' }))
      .toEqual({ stdout: 'Hello\n', stderr: '', code: 0, signal: null })
  })

  test('without -N the end of input is kept from the server, and the connection stays', async () => {
    let ended = false
    const port = await serve(conn => {
      conn.on('end', () => { ended = true })
      // The end that the server sends is what ends it.
      conn.on('data', chunk => {
        conn.write(chunk)
        setTimeout(() => conn.end(`ended: ${ended}\n`), 300)
      })
    })
    const { stdout, code } = await run([...nc, '127.0.0.1', port], { stdin: 'Hello\n' })
    expect({ stdout, code }).toEqual({ stdout: 'Hello\nended: false\n', code: 0 })
  })

  test('the server\'s end alone does not end it: the other direction is still open', async () => {
    const lines: string[] = []
    const port = await serve(conn => {
      conn.end('bye\n')
      conn.on('data', chunk => lines.push(String(chunk)))
    })
    const client = start([...nc, '127.0.0.1', port])
    await client.sees('bye\n')
    client.child.stdin.write('still here\n')
    await expect.poll(() => lines.join('')).toBe('still here\n')
    client.child.stdin.end()
    expect(await client.ended).toMatchObject({ code: 0, stderr: '' })
  })

  test('a line sent after the server is gone ends it with 0', async () => {
    const port = await serve(conn => { conn.end('bye\n', () => conn.destroy()) })
    const client = start([...nc, '127.0.0.1', port])
    await client.sees('bye\n')
    client.child.stdin.write('anybody?\n')
    expect(await client.ended).toEqual({ stdout: 'bye\n', stderr: '', code: 0, signal: null })
  })

  test('a reset ends it with 0 and without a word', async () => {
    const port = await serve(conn => { conn.once('data', () => conn.resetAndDestroy()) })
    const client = start([...nc, '127.0.0.1', port])
    client.child.stdin.write('x')
    expect(await client.ended).toEqual({ stdout: '', stderr: '', code: 0, signal: null })
  })

  test('every byte value and 3 MB of noise come back identical', async () => {
    const sent = Buffer.concat([Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)), randomBytes(3e6)])
    const port = await serve(echo)
    const client = start([...nc, '-N', '127.0.0.1', port])
    client.child.stdin.write(sent)
    client.child.stdin.end()
    expect(await client.ended).toMatchObject({ code: 0 })
    expect(client.bytes().equals(sent)).toBe(true)
  })

  test('a server that does not read holds it back', async () => {
    const port = await serve(conn => { conn.pause() })
    const client = start([...nc, '127.0.0.1', port])
    const chunk = Buffer.alloc(1 << 20)
    let taken = 0
    const push = () => client.child.stdin.write(chunk, error => {
      if (error) return
      taken += chunk.length
      push()
    })
    push()
    let before = -1
    while (taken !== before) {
      before = taken
      await new Promise(resolve => setTimeout(resolve, 400))
    }
    // What the kernel's buffers take on the way, and nothing like all there is.
    expect(taken).toBeLessThan(64 << 20)
  })

  test('-C sends CR LF, and leaves one alone that is there', async () => {
    const port = await serve(echo)
    const { stdout } = await run([...nc, '-NC', '127.0.0.1', port], { stdin: 'a\nb\r\nc' })
    expect(stdout).toBe('a\r\nb\r\nc')
  })

  test('-v: says that it is connected', async () => {
    const port = await serve(echo)
    const { stderr } = await run([...nc, '-Nvn', '127.0.0.1', port])
    expect(stderr).toBe(`Connection to 127.0.0.1 ${port} port [tcp/*] succeeded!\n`)
  })

  test('-v: says by address what a name stands for', async () => {
    const port = await serve(echo)
    const { stderr } = await run([...nc, '-4Nv', 'localhost', port])
    expect(stderr).toBe(`Connection to localhost (127.0.0.1) ${port} port [tcp/*] succeeded!\n`)
  })

  test('a refused connection is told with -v only; the exit code is 1', async () => {
    const port = String(await freePort())
    expect(await run([...nc, '127.0.0.1', port])).toEqual({ stdout: '', stderr: '', code: 1, signal: null })
    expect((await run([...nc, '-v', '127.0.0.1', port])).stderr)
      .toBe(`nc: connect to 127.0.0.1 port ${port} (tcp) failed: Connection refused\n`)
  })

  test('-z tries each port and sends nothing', async () => {
    const open = await serve(conn => { conn.on('data', () => conn.end('data!')) })
    const closed = String(await freePort())
    expect(await run([...nc, '-vzn', '127.0.0.1', closed, open], { stdin: 'x' })).toEqual({
      stdout: '',
      stderr: `nc: connect to 127.0.0.1 port ${closed} (tcp) failed: Connection refused\n`
        + `Connection to 127.0.0.1 ${open} port [tcp/*] succeeded!\n`,
      code: 0,
      signal: null,
    })
  })

  test('-w: gives up after so long without a byte', async () => {
    const port = await serve(conn => { conn.write('first') })
    const client = start([...nc, '-w1', '127.0.0.1', port])
    expect(await client.ended).toEqual({ stdout: 'first', stderr: '', code: 0, signal: null })
  })

  test('-p and -s choose the address of this side', async () => {
    const port = await serve(conn => { conn.end(`${conn.remoteAddress} ${conn.remotePort}`) })
    const own = String(await freePort())
    const { stdout } = await run([...nc, '-p', own, '-s', '127.0.0.1', '127.0.0.1', port])
    expect(stdout).toBe(`127.0.0.1 ${own}`)
  })

  test('-d leaves standard input alone', async () => {
    const port = await serve(conn => {
      conn.on('data', () => conn.end('data!'))
      setTimeout(() => conn.end('end'), 300)
    })
    expect((await run([...nc, '-d', '127.0.0.1', port], { stdin: 'x' })).stdout).toBe('end')
  })

  test('who reads its output may go away', async () => {
    const port = await serve(conn => { setInterval(() => conn.write('tick\n'), 20).unref() })
    const words = [...nc, '127.0.0.1', port].map(word => `'${word}'`).join(' ')
    const { stdout, stderr } = await run(['sh', '-c', `${words} </dev/null | head -n 1`])
    expect({ stdout, stderr }).toEqual({ stdout: 'tick\n', stderr: '' })
  })

  describe('-l', () => {
    test('takes one connection, talks, and ends when the client does', async () => {
      const { server, port } = await listening(nc, ['-lvn'])
      const client = dial(port)
      await once(client, 'connect')
      const { localPort } = client
      server.child.stdin.write('hello from the listener\n')
      client.end('hello from the client\n')
      expect(await text(client)).toBe('hello from the listener\n')
      expect(await server.ended).toEqual({
        stdout: 'hello from the client\n',
        stderr: `Listening on 127.0.0.1 ${port}\nConnection received on 127.0.0.1 ${localPort}\n`,
        code: 0,
        signal: null,
      })
    })

    test('the end of its input does not end it, nor is the client told without -N', async () => {
      const { server, port } = await listening(nc, ['-lvn'], 'reply')
      const client = dial(port)
      let ended = false
      client.on('end', () => { ended = true })
      expect(String((await once(client, 'data'))[0])).toBe('reply')
      client.write('later')
      await server.sees('later')
      expect(ended).toBe(false)
      client.end()
      expect(await server.ended).toMatchObject({ code: 0, stdout: 'later' })
    })

    test('a second client waits and is reset at the end; with -k it has its turn', async () => {
      for (const keep of [false, true]) {
        const { server, port } = await listening(nc, [keep ? '-lkvn' : '-lvn'])
        const first = dial(port)
        await once(first, 'connect')
        const second = dial(port)
        await once(second, 'connect')
        const reset = once(second, 'error').catch(error => [error])
        // The first is the one that was accepted first.
        await server.sees('Connection received')
        if (keep) second.write('second')
        first.end('first')
        await server.sees('first')
        if (keep) {
          await server.sees('second')
        } else {
          expect((await reset)[0]).toMatchObject({ code: 'ECONNRESET' })
          expect(await server.ended).toMatchObject({ code: 0, stdout: 'first' })
        }
      }
    })

    test('a taken port gets one line', async () => {
      const port = await serve(echo)
      expect(await run([...nc, '-l', '127.0.0.1', port]))
        .toEqual({ stdout: '', stderr: 'nc: Address already in use\n', code: 1, signal: null })
    })
  })

  test.skipIf(process.platform === 'win32')('-U: listens on a path and connects to it, over one that was left behind', async () => {
    const path = join(folder({}), 'sock')
    expect(await run([...nc, '-U', path])).toMatchObject({ code: 1, stderr: `nc: ${path}: No such file or directory\n` })
    const killed = start([...nc, '-lvU', path])
    await killed.sees('Listening on')
    killed.kill('SIGKILL')
    await killed.ended
    expect(existsSync(path)).toBe(true)
    const server = start([...nc, '-lvU', path], { stdin: 'reply' })
    await server.sees('Listening on')
    expect(await run([...nc, '-NU', path], { stdin: 'Hello' })).toMatchObject({ code: 0, stdout: 'reply' })
    expect((await server.ended)).toMatchObject({
      code: 0, stdout: 'Hello',
      stderr: `Bound on ${path}\nListening on ${path}\nConnection received on ${path}\n`,
    })
  })

  test.each([
    ['127.0.0.1', 'nc: missing port number'],
    ['127.0.0.1 70000', 'nc: port number too large: 70000'],
    ['127.0.0.1 0', 'nc: port number too small: 0'],
    ['127.0.0.1 abc', 'nc: port number invalid: abc'],
    ['-w x 127.0.0.1 1', 'nc: timeout invalid: x'],
    ['-q x 127.0.0.1 1', 'nc: quit timer invalid: x'],
    ['-lz 127.0.0.1 1', 'nc: cannot use -z and -l'],
    ['-k 127.0.0.1 1', 'nc: must use -l with -k'],
    ['-n localhost 1', 'nc: getaddrinfo for host "localhost" port 1: Name or service not known'],
    ['-6 127.0.0.1 1', 'nc: getaddrinfo for host "127.0.0.1" port 1: Address family for hostname not supported'],
    ['-lU', 'nc: missing socket pathname'],
    ['-U a b', 'nc: cannot use port with -U'],
    ['-? 127.0.0.1 1', 'nc: invalid option -- \'?\''],
    ['-w', 'nc: option requires an argument -- \'w\''],
  ])('nc %s: %s', async (words, line) => {
    const { stderr, code } = await usage(nc, words.split(' ').filter(Boolean))
    expect(code).toBe(1)
    expect(stderr.split('\n')[0]).toBe(line)
  })

  test('-h explains and exits with 0', async () => {
    const { stdout, stderr, code } = await run([...nc, '-h'])
    expect({ stdout, code }).toEqual({ stdout: '', code: 0 })
    expect(stderr).toContain('Shutdown the network socket after EOF on stdin')
  })
})

test('neither words nor -l: the usage', async () => {
  const { stderr, code } = await usage(ours, [])
  expect(code).toBe(1)
  expect(stderr).toMatch(/^usage: nc \[-46CdhklNnUvz\]/)
})

test('an option that this nc lacks is named', async () => {
  expect(await run(command(['nc', '-u', '127.0.0.1', '1']))).toEqual({
    stdout: '',
    stderr: 'nc: -u is not in this small nc; a full one has it (npm run doctor says how to get it)\n',
    code: 1,
    signal: null,
  })
})

test('nc -l PORT listens on 127.0.0.1 alone', async () => {
  const port = await freePort()
  const server = start(command(['nc', '-lvn', String(port)]))
  await server.sees(`Listening on 127.0.0.1 ${port}\n`)
})

/** What a program says to a command line that opens no connection; ours without starting a process for it. */
async function usage(nc: string[], words: string[]): Promise<{ stderr: string, code: number | null }> {
  if (nc !== ours) return run([...nc, ...words])
  const said: string[] = []
  const code = await netcat(words, { input: Readable.from([]), output: new PassThrough() }, line => said.push(line))
  return { stderr: said.join('\n'), code }
}

async function listening(nc: string[], flags: string[], stdin?: string): Promise<{ server: Started, port: number }> {
  const port = await freePort()
  const server = start([...nc, ...flags, '127.0.0.1', String(port)], stdin === undefined ? {} : { stdin })
  await server.sees('Listening on')
  return { server, port }
}

function dial(port: number): Socket {
  const conn = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  onTestFinished(() => { conn.destroy() })
  return conn
}
