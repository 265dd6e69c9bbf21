import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { CONTENT } from '../lessons/index.ts'
import { findLesson, listLessons } from '../../scripts/workbook/book/list.ts'
import { ROOT } from '../support/command.ts'
import { filesIn, remembered } from '../support/memory.ts'
import { canCheck } from '../support/papers.ts'
import { examiners } from '../support/examiners.ts'

const { type } = examiners()
const folders: string[] = []
afterAll(() => folders.forEach(folder => rmSync(folder, { recursive: true })))

type Change = readonly [from: string | RegExp, to: string | ((...found: string[]) => string)]

/** Each exercise as its page solves it: changes of the lesson's own files, each named before its changes. */
const SOLUTIONS: Record<string, readonly (string | Change)[]> = {
  'somebody-elses-address': ['server.ts',
    ['const SERVER_NAME = \'127.0.0.1\'', 'const SERVER_NAME = \'192.0.2.1\''],
    [/try \{[^]*$/, `const ADVICE: Record<string, string> = {
  EADDRINUSE: \`Port \${SERVER_PORT} is taken: stop the program that has it\`,
  EADDRNOTAVAIL: \`\${SERVER_NAME} is not an address of this machine\`,
}

try {
  await startServer()
} catch (error) {
  const advice = ADVICE[(error as NodeJS.ErrnoException).code ?? '']
  if (advice === undefined) throw error
  console.error(advice)
  process.exitCode = 1
}
`]],
  'everybodys-door': ['server.ts', ['host: SERVER_NAME, ', '']],
  'number-your-guests': ['server.ts',
    ['for await', 'let guests = 0\n  for await'],
    [/console\.log\(`Received new connection from.*/, 'guests += 1\n    console.log(`Guest ${guests}: ${remoteAddress}:${remotePort}`)']],
  'count-the-bytes': ['server.ts', [/for await \(const data of conn\) \{[^]*?\n {4}\}/, `let bytes = 0
    let chunks = 0
    for await (const data of conn) {
      bytes += data.length
      chunks += 1
    }
    console.log(\`\${bytes} bytes in \${chunks} chunks\`)`]],
  shout: ['server.ts', ['if (!conn.write(data))', `const shouted = Buffer.from(data.map((byte: number) =>
        byte >= 0x61 && byte <= 0x7a ? byte - 32 : byte))
      if (!conn.write(shouted))`]],
  'one-letter-at-a-time': ['client.ts',
    ['import { inspect }', 'import { setTimeout } from \'node:timers/promises\'\nimport { inspect }'],
    ['conn.end(message)', `for (const byte of Buffer.from(message)) {
    conn.write(Buffer.from([byte]))
    await setTimeout(50)
  }
  conn.end()`]],
  'send-a-file': ['client.ts',
    ['import { connect', 'import { readFile, writeFile } from \'node:fs/promises\'\nimport { connect'],
    ['message: string', 'message: string | Buffer'],
    [/ {2}const answer = [^]*?console\.log.*\n/, `  const message = process.argv[2] ?? 'Hello'
  if (message.startsWith('@')) {
    const answer = await sendAndReceive(conn, await readFile(message.slice(1)))
    await writeFile('workspace/back.ts', answer)
  }
`]],
  'how-much-was-heard': ['server.ts',
    ['try {', 'let heard = 0\n    try {'],
    ['console.log(`Received: ${', 'heard += data.length\n        console.log(`Received: ${'],
    ['Lost ${peer}:', 'Lost ${peer} after ${heard} bytes:']],
  'who-is-still-here': ['server.ts',
    ['async function handleClient', 'let connected = 0\n  async function handleClient'],
    ['try {', 'connected += 1\n    console.log(`${connected} connected`)\n    try {'],
    [/(console\.log\(`Lost.*\n {4}\})/, '$1 finally {\n      connected -= 1\n      console.log(`${connected} connected`)\n    }']],
  'who-talks-most': ['server.ts',
    ['try {', 'let own = 0\n    try {'],
    [/if \(lines > 0\) .*/, 'own += lines\n        if (lines > 0) console.log(`Messages so far: ${await count(lines)}, ${own} from ${peer}`)']],
  'too-long': ['server.ts',
    ['chunks.push(data)\n', 'length += data.length\n        if (length <= 100) chunks.push(data)\n'],
    ['const chunks: Buffer[] = []', 'const chunks: Buffer[] = []\n      let length = 0'],
    ['const message = ', 'if (length > 100) {\n        conn.end(\'No stamp: 100 bytes at most\\n\')\n        return await finished(conn)\n      }\n      const message = ']],
}

const EXERCISES = CONTENT.lessons.flatMap(({ number: lesson, exercises }) =>
  exercises.map(({ id }) => ({ id, lesson })))

test('every exercise has its solution here', () => {
  expect(Object.keys(SOLUTIONS)).toEqual(EXERCISES.map(({ id }) => id))
})

const PROVABLE = EXERCISES.filter(({ lesson }) => canCheck(lesson, 'the exercises'))

test.concurrent.for(PROVABLE)('$id in lesson $lesson: its solution passes, and the program without it does not', async ({ id, lesson }, context) => {
  const { expect } = context
  const { slug } = findLesson(listLessons(ROOT), String(lesson))
  const before = join(ROOT, 'code', `${String(lesson).padStart(2, '0')}-${slug}`)
  const folder = mkdtempSync(join(tmpdir(), 'port-12345-solution-'))
  folders.push(folder)
  cpSync(before, folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  let file = ''
  for (const step of SOLUTIONS[id] ?? []) {
    if (typeof step === 'string') {
      file = join(folder, step)
      continue
    }
    const [from, to] = step
    const program = readFileSync(file, 'utf8')
    expect(program).toMatch(from)
    // A text is put in as it stands, and a dollar sign of its own means nothing.
    writeFileSync(file, typeof to === 'string' && typeof from === 'string' ? program.replace(from, () => to) : program.replace(from, to as string))
  }
  const [solved, unsolved] = await Promise.all([folder, before].map(of => {
    const words = `${lesson} --exercise ${id} --seed 7 --patience 3`
    return remembered(context, words, filesIn(of), () => type(`${words} --of ${of}`))
  }))
  expect(solved, solved?.stdout).toMatchObject({ code: 0, stderr: '' })
  expect(solved?.stdout).toMatch(/\nChange it back before you go on, /)
  expect(unsolved).toMatchObject({ code: 1, stderr: '' })
})
