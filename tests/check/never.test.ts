import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { patienceNow } from '../../scripts/workbook/machine/patience.ts'
import { listLessons } from '../../scripts/workbook/book/list.ts'
import { CONTENT } from '../lessons/index.ts'
import { ROOT } from '../support/command.ts'
import { filesIn, remembered } from '../support/memory.ts'
import { canCheck } from '../support/papers.ts'
import { examiners } from '../support/examiners.ts'
import { room } from '../support/rooms.ts'

const { check, programs } = examiners()

const START = 'console.log(\'Starting server on port 12345\')\n'
const LISTEN = '.listen({ host: \'127.0.0.1\', port: 12345, backlog: 5 })\n'

const numbers = CONTENT.lessons.filter(({ own }) => own.length > 0).map(({ number }) => number)
  .filter(number => canCheck(number, 'that nothing passes which does nothing'))

/** Programs that do nothing of what is asked for, and the lessons that must notice. */
const EMPTY: readonly [what: string, source: string, lessons: readonly number[]][] = [
  ['is empty', '', numbers],
  ['says what a server says, and is none', `${START}setInterval(() => {}, 1000)\n`, [2, 3, 6]],
  ['says everything that could be asked for, and hangs up',
    `import { createServer } from 'node:net'\n${START}console.log('Received: \\'Hello\\\\n\\'')\ncreateServer(conn => conn.end('Hello\\n'))${LISTEN}`,
    numbers.filter(number => number >= 4)],
]

describe.each(EMPTY)('a program that %s', { concurrent: true }, (_, source, lessons) => {
  test.for(lessons)('does not pass lesson %i', async (number, context) => {
    const { expect } = context
    // Of the lesson's own: it is not enough that something of an earlier one fails.
    const last = room(number).own.at(-1)?.id
    const { passed, failure } = await remembered(context, `lesson ${number} of what passes nothing`, [source, String(last)], () =>
      check(number, programs({ 'server.ts': source }), { until: last }))
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

/** Changes of lesson 15's program, and what is told of them. */
const SAYS: readonly [what: string, from: string, to: string, reason: RegExp][] = [
  ['twice that it listens', '\n  return sock', '\n  console.log(\'Listening on 127.0.0.1:12345\')\n  return sock', /^your program prints "Listening on 127\.0\.0\.1:12345" 2 times$/],
  ['never that it has stopped', '\n  console.log(\'Stopped\')', '', /^your program should print the line "Stopped"$/],
  ['twice that nobody gets in', '\n    sock.close()', '\n    sock.close()\n    console.log(`${signal}: no new clients, ${clients.size} may finish`)', /^your program prints "SIGTERM: no new clients, 1 may finish" 2 times$/],
  ['too soon that it has stopped', '\n    sock.close()', '\n    sock.close()\n    setTimeout(() => console.log(\'Stopped\'), 1)', /^your program says that it has stopped, and a client is still there$/],
  ['that nobody gets in, and lets somebody in', '\n    sock.close()', '\n    setTimeout(() => sock.close(), 300)', /^your program says that it takes no new clients, and one got in after that$/],
]

test.concurrent.for(SAYS)('a program that says %s does not pass lesson 15', async ([what, from, to, reason], context) => {
  const { expect } = context
  const folder = join(ROOT, 'code/15-a-clean-stop')
  const files = Object.fromEntries(readdirSync(folder).map(name => [name, readFileSync(join(folder, name), 'utf8')]))
  const changed = files['server.ts']?.replace(from, () => to) ?? ''
  expect(changed).not.toBe(files['server.ts'])
  const made = programs({ ...files, 'server.ts': changed })
  const { failure } = await remembered(context, `a program that says ${what}`, filesIn(made), () =>
    check(15, made, { only: 'says-when-it-stops' }))
  expect(failure?.reason).toMatch(reason)
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

/** Changes of a lesson's program after which it serves for a while, and the lesson that must notice. */
const FOR_A_WHILE: readonly [what: string, lesson: number, from: string, to: string][] = [
  ['throws at its first client', 2, 'createServer()', 'createServer(() => { throw new Error(\'had enough\') })'],
  ['has a door for one', 2, 'const sock = createServer()', 'const sock = createServer(() => sock.close())'],
  ['computes for ever once it listens', 2, '  return sock', '  setTimeout(() => { for (;;); }, 1)\n  return sock'],
  ['dies when three have come', 5, '    await handleClient(conn)', '    await handleClient(conn)\n    if (++count === 3) setTimeout(() => process.exit(1), 100)'],
  ['hangs up when 9 MB have come', 6, '      console.log(`Rec', '      if ((count += data.length) > 9e6) conn.destroy()\n      console.log(`Rec'],
]

test.concurrent.for(FOR_A_WHILE)('a program that %s does not pass lesson %i', async ([what, lesson, from, to], context) => {
  const { expect } = context
  const { name } = listLessons(ROOT).find(({ number }) => number === lesson)!
  const source = readFileSync(join(ROOT, 'code', name, 'server.ts'), 'utf8')
  const changed = source.replace(from, () => to).replace('const SERVER_NAME', 'let count = 0\nconst SERVER_NAME')
  expect(changed).toContain(to)
  const made = programs({ 'server.ts': changed })
  const { passed } = await remembered(context, `a program that ${what}`, filesIn(made), () => check(lesson, made))
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

// Nothing of these has to hold, so time for a slow machine is not for them: it is for what surrounds them.
const PATIENCE = 2

test.concurrent.for(ENDLESS)('a program that %s is refused within 6 s', async ([what, source], { expect }) => {
  const until = what.includes('fourth') ? 'one-after-another' : 'half-close'
  // How long it takes is asked, and so it is not remembered.
  const { passed, failure, ms } = await check(6, programs({ 'server.ts': source }), { patience: PATIENCE, until })
  expect(passed).toBe(false)
  expect(failure?.reason).toBeTruthy()
  expect(ms).toBeLessThan(6000 * Math.max(PATIENCE, patienceNow()))
})
