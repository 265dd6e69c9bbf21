import { connect } from 'node:net'
import { join } from 'node:path'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { BOOK, command, folder, freePort, run, start } from '../support/command.ts'

const lesson = (...args: string[]) => command(['lesson', ...args], BOOK)

test('the program has its own arguments, standard input and exit code', async () => {
  const ended = await run(lesson('1', 'server', 'a', '--b'), { stdin: 'typed' })
  expect(ended.code).toBe(3)
  expect(JSON.parse(ended.stdout)).toEqual({
    argv: [join(BOOK, 'code/01-start/server.ts'), 'a', '--b'],
    stdin: 'typed',
  })
})

test('an exit code that the program leaves behind is kept', async () => {
  const root = folder({ 'code/01-code/server.ts': 'process.exitCode = 4\n' })
  expect((await run(command(['lesson', '1'], root))).code).toBe(4)
})

test('options go to the program without naming it', async () => {
  const { stdout } = await run(lesson('1', '--port', '8000'))
  expect(JSON.parse(stdout).argv.slice(1)).toEqual(['--port', '8000'])
})

test('says first what runs and what to type in the other terminal', async () => {
  const port = await freePort()
  const server = start(lesson('2', 'server', String(port)))
  await server.sees('Listening')
  server.kill('SIGTERM')
  expect((await server.ended).stderr)
    .toMatch(/^> code\/02-echo\/server.ts\n> In another terminal: (nc|npm run nc --) 127.0.0.1 12345\n\n$/)
})

test('names its own nc where there is no other', async () => {
  const { stderr } = await run(lesson('1'), { env: { PATH: '' } })
  expect(stderr).toContain('> In another terminal: npm run nc -- -N 127.0.0.1 12345\n')
})

test('runs another program of the lesson by name, and says to start the server', async () => {
  const { stdout, stderr } = await run(lesson('3', 'client', 'word'))
  expect(stdout).toBe('client word\n')
  expect(stderr).toContain('> code/03-polite/client.ts\n> In another terminal: npm run lesson:3\n\n')
})

test.each<[words: string[], env: Record<string, string>]>([
  [['--port', '8080'], {}], [['server', '--port=8080'], {}], [[], { PORT: '8080' }], [[], { HOST: '::1' }],
])('started with %j and %j it says nothing of the other terminal: the program may be elsewhere', async (words, env) => {
  const { stderr } = await run(lesson('1', ...words), { env })
  expect(stderr).toBe('> code/01-start/server.ts\n\n')
})

test('a program that ends while it still awaits something exits as Node lets it', async () => {
  const { code, stderr } = await run(lesson('3', 'client'))
  expect(code).toBe(13)
  expect(stderr).toMatch(/Warning: (?:the program ended while a|Detected unsettled) top-level await/)
})

test('a signal that the program handles is the program\'s own', async () => {
  const server = start(lesson('3', String('server'), String(await freePort())))
  await server.sees('Listening')
  server.child.kill('SIGTERM')
  expect(await server.ended).toMatchObject({ code: 0, signal: null })
})

test('Ctrl-C ends the program at once, leaves nobody behind and frees the port', async () => {
  const port = await freePort()
  const server = start(lesson('2', 'server', String(port)))
  await server.sees('Listening')
  const conn = connect(port, '127.0.0.1')
  conn.on('error', () => {})
  await once(conn, 'connect')
  server.kill('SIGINT')
  expect(await server.ended).toMatchObject({ signal: 'SIGINT', stdout: 'Listening\n' })
  await gone(server.child.pid)
  const again = start(lesson('2', 'server', String(port)))
  await again.sees('Listening')
})

test('Ctrl-C under npm run does the same', async () => {
  const port = await freePort()
  const [node = '', ...args] = lesson('2', 'server', String(port))
  const words = [node, ...args].map(word => JSON.stringify(word)).join(' ')
  const root = folder({ 'package.json': JSON.stringify({ scripts: { 'lesson:2': words } }) })
  const npm = start(['npm', 'run', 'lesson:2'], { cwd: root })
  await npm.sees('Listening')
  npm.kill('SIGINT')
  await npm.ended
  await gone(npm.child.pid)
  await expect(once(connect(port, '127.0.0.1'), 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})

test.each([
  ['99', 'there is no lesson 99. The lessons are 1 to 4; the nearest is 4, unwritten: npm run lesson:4\n', 2],
  ['0', 'there is no lesson 0. The lessons are 1 to 4; the nearest is 1, start: npm run lesson:1\n', 2],
  ['x', 'there is no lesson "x". The lessons are 1 to 4; npm run lesson lists them.\n', 2],
  ['ech', 'there is no lesson "ech". The lessons are 1 to 4; the nearest is 2, echo: npm run lesson:2\n', 2],
  ['4', 'lesson 4 has no program yet. It would be code/04-unwritten/server.ts.\n', 1],
  ['3 cleint', 'there is no program "cleint" in code/03-polite/. Did you mean "client"? Known are: client, server. '
    + 'To hand the word to server.ts: npm run lesson:3 server cleint\n', 2],
])('lesson %s gets one line', async (words, stderr, code) => {
  expect(await run(lesson(...words.split(' ')))).toEqual({ stdout: '', stderr, code, signal: null })
})

test('without a number it lists the lessons', async () => {
  const { code, stdout } = await run(lesson())
  expect(code).toBe(0)
  expect(stdout.split('\n')[1]).toBe('npm run lesson:2    Echo')
  expect(stdout.split('\n')).toHaveLength(5)
})

test('a lesson answers to its slug too', async () => {
  expect((await run(lesson('start'))).code).toBe(3)
  expect((await run(lesson('01'))).code).toBe(3)
})

test.each(['2', '3'])('lesson %s, port taken: who holds it and how to stop it', async number => {
  const port = String(await freePort())
  const first = start(lesson('2', 'server', port))
  await first.sees('Listening')
  const { code, stderr } = await run(lesson(number, 'server', port))
  expect(code).toBe(1)
  expect(stderr).toMatch(new RegExp(`^> Port ${port} is held by process ${first.child.pid}: `
    + `.*lesson 2 server ${port}. To stop it: kill ${first.child.pid}$`, 'm'))
  expect(first.child.exitCode).toBe(null)
})

/** Waits until no process of the group is left; a process that lingers is an orphan. */
async function gone(group = NaN): Promise<void> {
  await expect.poll(() => {
    try {
      return process.kill(-group, 0)
    } catch (error) {
      return (error as NodeJS.ErrnoException).code
    }
  }).toBe('ESRCH')
}
