import type { Behaviour } from '#workbook/check/behaviour.ts'
import { change } from '#workbook/check/change.ts'
import { expectExitCode, expectOneLine } from '#workbook/check/client/expect.ts'
import { Failure } from '#workbook/check/explain/failure.ts'
import type { Exercise } from '#workbook/check/lesson.ts'
import { DEADLINES, PORT } from '#workbook/check/setting.ts'
import { listenersOf } from '#workbook/machine/sockets.ts'

export const adviceForAddress: Behaviour = {
  id: 'exercise-somebody-elses-address',
  title: 'an address of another machine: it says so in one line, with exit code 1',
  alone: true,
  byHand: run => [`${run()}; echo $?`],
  async story({ start }) {
    const program = start()
    await program.ended(DEADLINES.start).catch(() => {
      throw new Failure('runs-on', 'your program runs: its SERVER_NAME should be 192.0.2.1', { program })
    })
    expectOneLine(program, /192\.0\.2\.1/, 'that names the address 192.0.2.1')
    expectExitCode(program, 1)
  },
}

export const everybodysDoor: Behaviour = {
  id: 'exercise-everybodys-door',
  title: 'it listens on every address of this machine',
  byHand: run => [run(), `ss -ltn 'sport = :${PORT}'`],
  async story({ serve }) {
    const program = await serve()
    const doors = listenersOf(program.pid).filter(door => door.port === PORT)
    if (doors.some(door => door.host === '::' || door.host === '0.0.0.0')) return
    throw new Failure('other', `your program listens on ${doors[0]?.host ?? 'no address'} only`, { program })
  },
}

/** What of the exercises can be checked; the others ask the reader to look at something, or to think. */
export const exercises: readonly Exercise[] = [
  {
    id: 'somebody-elses-address', behaviours: [adviceForAddress],
    solution: [
      change('server.ts', '127.0.0.1', '192.0.2.1'),
      change('server.ts', 'console.log(`Starting', `const ADVICE: Record<string, string> = {
  EADDRINUSE: \`Port \${SERVER_PORT} is taken: stop the program that has it\`,
  EADDRNOTAVAIL: \`\${SERVER_NAME} is not an address of this machine\`,
}

console.log(\`Starting`),
      change('server.ts', 'if ((error as NodeJS.ErrnoException).code !== \'EADDRINUSE\') throw error', `const advice = ADVICE[(error as NodeJS.ErrnoException).code ?? '']
  if (advice === undefined) throw error`),
      change('server.ts', 'console.error(`Port ${SERVER_PORT} is taken: stop the program that has it`)', 'console.error(advice)'),
    ],
  },
  { id: 'everybodys-door', behaviours: [everybodysDoor], solution: [change('server.ts', 'host: SERVER_NAME, ', '')] },
]
