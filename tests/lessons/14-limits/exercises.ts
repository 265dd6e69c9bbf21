import type { Behaviour } from '#workbook/check/behaviour.ts'
import { Failure } from '#workbook/check/explain/failure.ts'
import { PORT } from '#workbook/check/setting.ts'
import { greedyIsLetGo } from './behaviours.ts'
import { change } from '#workbook/check/change.ts'
import type { Exercise } from '#workbook/check/lesson.ts'

// The stories of lesson 14's exercises.

// What the server says tells whether it has let go.
const NEVER_READS = `yes | nc 127.0.0.1 ${PORT} | sleep 9\n# within a few seconds your server should say that it lost this client`

export const sayGoodbye: Behaviour = {
  id: 'exercise-say-goodbye',
  title: 'an idle client gets one line before it is let go; one that does not read goes',
  alone: true,
  byHand: run => [run('server.ts', ['--timeout', '2']), `nc -d 127.0.0.1 ${PORT}`],
  async story(world) {
    const program = world.start('server.ts', ['--timeout', '1', '--max-connections', '2'])
    await program.listening(PORT)
    const peer = await world.connect()
    for (const deadline = Date.now() + 3500; peer.open && Date.now() < deadline;) await peer.anything(100)
    const said = peer.pending.toString()
    if (peer.open) throw new Failure('stays-open', 'an idle client is still connected after 3.5 s with --timeout 1', { program, peer })
    if (!/^[^\n]*\p{L}{2}[^\n]*\n$/u.test(said)) {
      throw new Failure('other', `an idle client should get one line, and got ${said === '' ? 'nothing' : JSON.stringify(said)}`, { program, peer })
    }
    await greedyIsLetGo(world, program).catch((error: unknown) => {
      if (!(error instanceof Failure)) throw error
      throw new Failure(error.kind, error.message, { ...error.evidence, byHand: [`${program.typed} | grep -v Received:`, NEVER_READS] })
    })
  },
}

export const visitEnds: Behaviour = {
  id: 'exercise-a-visit-has-an-end',
  title: 'with --visit 1 a client that talks all the time is let go, and only with it',
  alone: true,
  byHand: run => [run('server.ts', ['--visit', '3']), `while sleep 1; do echo x; done | nc 127.0.0.1 ${PORT}`],
  async story({ start, connect }) {
    const lasts = async (args: readonly string[]) => {
      const program = start('server.ts', args)
      await program.listening(PORT)
      const peer = await connect()
      const since = Date.now()
      while (peer.open && Date.now() - since < 2500) {
        await peer.send('Hello\n')
        await new Promise(resolve => setTimeout(resolve, 100))
      }
      const ended = !peer.open
      const lasted = Date.now() - since
      const evidence = { program, peer }
      if (!ended && !peer.pending.includes('Hello')) throw new Failure('silence', 'nothing comes back', evidence)
      peer.destroy()
      await program.kill()
      return { ended, lasted, evidence }
    }
    const bounded = await lasts(['--visit', '1'])
    if (!bounded.ended) throw new Failure('stays-open', 'with --visit 1 a client that talks is still connected after 2.5 s', bounded.evidence)
    if (bounded.lasted < 800) throw new Failure('closed', 'with --visit 1 a client was let go before its second was over', bounded.evidence)
    const free = await lasts([])
    if (free.ended) throw new Failure('closed', 'without --visit a client that talks was let go', free.evidence)
  },
}

/** What of the exercises can be checked; the others ask the reader to look at something, or to think. */
export const exercises: readonly Exercise[] = [
  {
    id: 'say-goodbye',
    behaviours: [sayGoodbye],
    solution: [
      change('server.ts', 'conn.destroy(Object.assign(error, { code: \'IDLE\' }))', `if (conn.writableLength === 0) conn.write(\`Goodbye: \${error.message}\\n\`)
      conn.destroy(Object.assign(error, { code: 'IDLE' }))`),
    ],
  },
  {
    id: 'a-visit-has-an-end',
    behaviours: [visitEnds],
    solution: [
      change('options.ts', '  help: {', '  visit: { type: \'string\' },\n  help: {'),
      change('options.ts', 'words: positionals', 'visit: values.visit && wholeNumber(\'visit\', values.visit, 1, 86_400),\n      words: positionals'),
      change('server.ts', '{ timeout, maxConnections }', '{ timeout, maxConnections, visit }'),
      change('server.ts', '    try {\n      for await', `    const late = Object.assign(new Error('too long'), { code: 'LATE' })
    const clock = visit
      ? setTimeout(() => conn.destroy(late), Number(visit) * 1000)
      : undefined
    try {
      for await`),
      change('server.ts', 'clients.delete(conn)', 'clients.delete(conn)\n      clearTimeout(clock)'),
    ],
  },
]
