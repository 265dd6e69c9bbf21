import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Behaviour } from '#workbook/check/behaviour.ts'
import { expectExitCode, expectOneLine } from '#workbook/check/client/expect.ts'
import { DEADLINES, PORT } from '#workbook/check/setting.ts'
import { otherPort } from '../12-the-command-line/behaviours.ts'
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
  { id: 'two-doors', behaviours: [twoDoors] },
]
