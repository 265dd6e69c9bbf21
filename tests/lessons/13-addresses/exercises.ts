import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Behaviour } from '#workbook/check/behaviour.ts'
import { expectExitCode, expectOneLine } from '#workbook/check/client/expect.ts'
import { DEADLINES, PORT } from '#workbook/check/setting.ts'
import { otherPort } from '../12-the-command-line/behaviours.ts'
import { change } from '#workbook/check/change.ts'
import type { Exercise } from '#workbook/check/lesson.ts'

/** The story of lesson 13's exercise. */
export const twoDoors: Behaviour = {
  id: 'exercise-two-doors',
  title: 'with --listen given twice it listens at both, and without it as before',
  platforms: ['linux', 'darwin'],
  alone: true,
  byHand: run => [run('server.ts', ['--listen', `127.0.0.1:${PORT}`, '--listen', 'unix:/tmp/echo.sock']), run('client.ts', ['--to', 'unix:/tmp/echo.sock'])],
  async story({ start, connect }) {
    const folder = mkdtempSync(join(tmpdir(), 'port-'))
    try {
      const path = join(folder, 'echo.sock')
      const port = await otherPort()
      const program = start('server.ts', ['--listen', `127.0.0.1:${port}`, '--listen', `unix:${path}`])
      // In either order.
      const first = await program.line(line => line.startsWith('Listening on '), `Listening on 127.0.0.1:${port}`)
      await program.says(`Listening on ${first.includes('unix:') ? `127.0.0.1:${port}` : `unix:${path}`}`)
      for (const place of [{ port }, { path }]) {
        const peer = await connect(undefined, place)
        await peer.send('Hello\n')
        await peer.receives('Hello\n')
      }
      const taken = start('server.ts', ['--listen', `127.0.0.1:${await otherPort()}`, '--listen', `unix:${folder}/nowhere/x`])
      await taken.ended(DEADLINES.start)
      expectOneLine(taken, /unix:/, 'that names the place which could not be had')
      expectExitCode(taken, 1)
      await start('server.ts').listening(PORT)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

/** What of the exercises can be checked; the others ask the reader to look at something, or to think. */
export const exercises: readonly Exercise[] = [
  {
    id: 'two-doors',
    behaviours: [twoDoors],
    solution: [
      change('options.ts', 'listen: { type: \'string\'', 'listen: { type: \'string\', multiple: true'),
      change('options.ts', 'const [own, other] = isClient ? [to, listen] : [listen, to]', `const listens = isClient ? to === undefined ? to : [to] : listen
    const other = isClient ? listen : to`),
      change('options.ts', 'own !== undefined', 'listens !== undefined'),
      change('options.ts', '    return {\n      address: own === undefined ? hostAndPort(host, port) : parseAddress(own),', `    const addresses = listens?.map(parseAddress) ?? [hostAndPort(host, port)]
    return {
      address: addresses[0] ?? refuse('no address'),
      addresses,`),
      change('server.ts', `  try {
    await startServer(options)
  } catch (error) {
    const reason = explain(error as NodeJS.ErrnoException, address)
    if (!reason) throw error
    console.error(reason)
    process.exitCode = 1
  }
`, `  await Promise.all(options.addresses.map(async address => {
    try {
      await startServer({ ...options, address })
    } catch (error) {
      const reason = explain(error as NodeJS.ErrnoException, address)
      if (!reason) throw error
      console.error(reason)
      process.exit(1)
    }
  }))
`),
    ],
  },
]
