import type { Behaviour } from '#workbook/check/behaviour.ts'
import { expectExitCode } from '#workbook/check/client/expect.ts'
import { Failure } from '#workbook/check/explain/failure.ts'
import { DEADLINES, PORT } from '#workbook/check/setting.ts'
import { otherPort, servesAt } from './behaviours.ts'
import { change } from '#workbook/check/change.ts'
import type { Exercise } from '#workbook/check/lesson.ts'

// The stories of lesson 12's exercises.

export const oneLetter: Behaviour = {
  id: 'exercise-one-letter-will-do',
  title: '-p 8080 means --port 8080, and -h is --help',
  alone: true,
  byHand: run => [run('server.ts', ['-p', '8080']), 'nc 127.0.0.1 8080'],
  async story(world) {
    const port = await otherPort()
    await servesAt(world, { host: '127.0.0.1', port }, ['-p', String(port)])
    const help = world.start('server.ts', ['-h'])
    await help.ended(DEADLINES.start)
    expectExitCode(help, 0)
    if (!help.output.bytes.includes('--port')) throw new Failure('output', '-h should print what --help prints', { program: help })
  },
}

export const quiet: Behaviour = {
  id: 'exercise-be-quiet',
  title: 'with --quiet it echoes, and prints nothing but that it starts',
  alone: true,
  byHand: run => [run('server.ts', ['--quiet']), `nc 127.0.0.1 ${PORT}`],
  async story(world) {
    const program = await servesAt(world, { host: '127.0.0.1', port: PORT }, ['--quiet'])
    await program.says(`Starting server on port ${PORT}`)
    const more = program.output.seen.find(line => !line.startsWith('Starting server'))
    if (more !== undefined) throw new Failure('output', `with --quiet your server prints "${more}"`, { program })
  },
}

/** What of the exercises can be checked; the others ask the reader to look at something, or to think. */
export const exercises: readonly Exercise[] = [
  {
    id: 'one-letter-will-do',
    behaviours: [oneLetter],
    solution: [
      change('options.ts', 'port: { type: \'string\'', 'port: { type: \'string\', short: \'p\''),
      change('options.ts', 'help: { type: \'boolean\'', 'help: { type: \'boolean\', short: \'h\''),
    ],
  },
  {
    id: 'be-quiet',
    behaviours: [quiet],
    solution: [
      change('options.ts', '  help: {', '  quiet: { type: \'boolean\', default: false },\n  help: {'),
      change('options.ts', 'words: positionals', 'quiet: values.quiet,\n      words: positionals'),
      change('server.ts', 'handleNewConnections(listenSocket)', 'handleNewConnections(listenSocket, options)'),
      change('server.ts', 'handleNewConnections(sock: Server): Promise<void> {\n', `handleNewConnections(sock: Server, { quiet }: Options) {
  const log = (line: string) => { if (!quiet) console.log(line) }

`),
      change('server.ts', 'console.log(`Received new', 'log(`Received new'),
      change('server.ts', 'console.log(`Received:', 'log(`Received:'),
      change('server.ts', 'console.log(`Lost', 'log(`Lost'),
    ],
  },
]
