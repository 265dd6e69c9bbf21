import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { change, writeVariant } from '../../scripts/workbook/check/change.ts'
import { CONTENT } from '../lessons/index.ts'
import { ROOT } from '../support/command.ts'
import { filesIn, remembered } from '../support/memory.ts'
import { tooBusy } from '../support/not-proved.ts'
import { canCheck } from '../support/papers.ts'
import { examiners } from '../support/examiners/examiners.ts'
import { room } from '../support/rooms.ts'
import { inWhole } from '../support/whole.ts'

const { check, programs } = examiners()

const START = 'console.log(\'Starting server on port 12345\')\n'
const LISTEN = '.listen({ host: \'127.0.0.1\', port: 12345, backlog: 5 })\n'

const numbers = CONTENT.lessons.filter(({ own }) => own.length > 0).map(({ number }) => number)
  .filter(number => canCheck(number, 'that nothing passes which does nothing'))

/** All lessons in CI; else one for each kind of program that is started: a server, a client, inspect, TLS. */
const some = (...few: readonly number[]) => numbers.filter(number => process.env.CI === 'true' || few.includes(number))

/** Programs that do nothing of what is asked for, and the lessons that must notice. */
const EMPTY: readonly [what: string, source: string, lessons: readonly number[]][] = [
  ['is empty', '', some(2, 7, 16)],
  ['says what a server says, and isn\'t one', `${START}setInterval(() => {}, 1000)\n`, [2, 3, 6]],
  ['says everything that could be asked for, and hangs up',
    `import { createServer } from 'node:net'\n${START}console.log('Received: \\'Hello\\\\n\\'')\ncreateServer(conn => conn.end('Hello\\n'))${LISTEN}`,
    some(4, 6, 17).filter(number => number >= 4)],
]

describe.each(EMPTY)('a program that %s', { concurrent: true }, (_, source, lessons) => {
  test.for(lessons)('does not pass lesson %i', async (number, context) => {
    const { expect } = context
    // Of the lesson's own: it is not enough that something of an earlier one fails.
    const last = room(number).own.at(-1)?.id
    const { passed, failure, verdicts } = await remembered(context, `lesson ${number} of what passes nothing`, [source, String(last)], () =>
      check(number, programs({ 'server.ts': source }), { until: last }))
    if (!failure && verdicts.some(({ busy }) => busy)) return tooBusy(`lesson ${number} of what passes nothing`)
    expect(passed).toBe(false)
    expect(room(number).own.map(({ id }) => id)).toContain(failure?.id)
  })
})

test('a port that somebody else listens on proves nothing', async () => {
  if (process.platform !== 'linux') return
  // The reader's program does not listen, and another of theirs does.
  const other = 'import { spawn } from \'node:child_process\'\n'
    + 'spawn(process.execPath, [\'-e\', \'require("net").createServer().listen(12345, "127.0.0.1")\'], { stdio: "ignore" })\n'
  const { failure } = await check(2, programs({ 'server.ts': `${other}${START}setInterval(() => {}, 1000)\n` }), { until: 'listens' })
  expect(failure).toMatchObject({ id: 'listens', diagnosis: { id: 'listens-nowhere' } })
})

const SERVE = `import { createServer, type Socket } from 'node:net'
${START}
const stuck = () => { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0) }
const serve = (handle: (conn: Socket) => void) => createServer({ allowHalfOpen: true }, conn => {
  console.log(\`Received new connection from \${conn.remoteAddress}:\${conn.remotePort}\`)
  conn.on('error', () => {})
  handle(conn)
}).listen({ host: '127.0.0.1', port: 12345, backlog: 5 })
let count = 0
`

test('a program that dies when three clients have come does not pass, though each story alone would', async context => {
  // The stories before this one share its server, and a second copy finds the port free.
  const made = programs({})
  writeVariant(join(ROOT, 'code', room(5).folder), [
    change('server.ts', 'const SERVER_NAME', 'let count = 0\nconst SERVER_NAME'),
    change('server.ts', '    await handleClient(conn)', '    await handleClient(conn)\n    if (++count === 3) setTimeout(() => process.exit(1), 100)'),
  ], made)
  const { passed } = await remembered(context, 'a program that dies when three clients have come', filesIn(made), () => check(5, made))
  expect(passed).toBe(false)
})

/** Programs that never come to an end of something, each in its own way. */
const ENDLESS: readonly [what: string, source: string][] = [
  ['hangs before it listens', `${SERVE}stuck()\n`],
  ['hangs when somebody calls', `${SERVE}serve(stuck)\n`],
  ['hangs when the fourth calls', `${SERVE}serve(conn => ++count > 3 ? stuck() : conn.pipe(conn))\n`],
  ['never reads', `${SERVE}serve(conn => conn.pause())\n`],
  ['sends a byte now and then', `${SERVE}serve(conn => setInterval(() => conn.write('x'), 100))\n`],
  ['answers the fourth a byte at a time', `${SERVE}serve(conn => {
  if (++count < 4) return conn.pipe(conn)
  conn.once('data', data => { let at = 0; setInterval(() => conn.write(data.subarray(at, ++at)), 50) })
})\n`],
  ['takes its time for each answer', `${SERVE}serve(conn => conn.on('data', data => setTimeout(() => conn.write(data), 250)))\n`],
  ['prints a line without end', `${SERVE}serve(() => setInterval(() => process.stdout.write('x'.repeat(100_000)), 20))\n`],
  ['stops itself', `${SERVE}serve(() => process.kill(process.pid, 'SIGSTOP'))\n`],
]

const LEFT = !inWhole('programs that never come to an end of something')

// Nothing of these has to hold, so time for a slow machine is not for them.
const PATIENCE = 2

test.skipIf(LEFT).concurrent.for(ENDLESS)('a program that %s is refused all the same', async ([what, source], { expect }) => {
  const until = what.includes('fourth') ? 'one-after-another' : 'half-close'
  const { passed, failure, verdicts } = await check(6, programs({ 'server.ts': source }), { patience: PATIENCE, until })
  if (!failure && verdicts.some(({ busy }) => busy)) return tooBusy(`a program that ${what}`)
  expect(passed).toBe(false)
  expect(failure?.reason).toBeTruthy()
})
