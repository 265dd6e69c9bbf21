import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Behaviour } from '#workbook/check/behaviour.ts'
import { change } from '#workbook/check/change.ts'
import { expectBytes, expectExitCode } from '#workbook/check/client/expect.ts'
import { Failure } from '#workbook/check/explain/failure.ts'
import type { Exercise } from '#workbook/check/lesson.ts'

export const oneByOne: Behaviour = {
  id: 'exercise-one-letter-at-a-time',
  title: 'the client sends one byte at a time, with a pause after each',
  alone: true,
  byHand: run => [run(), run('client.ts')],
  async story({ answer, start }) {
    const pieces: Buffer[] = []
    const moments: number[] = []
    await answer(conn => {
      conn.on('data', data => {
        pieces.push(data)
        moments.push(Date.now())
        conn.write(data)
      })
      conn.on('end', () => conn.end())
    })
    let program = start('client.ts')
    // On a busy machine two letters are there before we look; what is sent in one piece never comes in five.
    for (let tries = 3; ; program = start('client.ts')) {
      await program.says('Received: \'Hello\'')
      await program.ended()
      expectBytes(Buffer.concat(pieces), Buffer.from('Hello'))
      if (pieces.length >= 5 || --tries === 0) break
      pieces.length = moments.length = 0
    }
    if (pieces.length < 5) {
      throw new Failure('other', `the five letters arrived in ${pieces.length} piece${pieces.length === 1 ? '' : 's'}`, {
        program, certain: false,
      })
    }
    const whole = (moments.at(-1) ?? 0) - (moments[0] ?? 0)
    if (whole < 100) {
      throw new Failure('other', `the five letters came within ${whole} ms: there should be 50 ms after each`, {
        program, certain: false,
      })
    }
  },
}

export const sendAFile: Behaviour = {
  id: 'exercise-send-a-file',
  title: 'for a message @FILE the client sends the file, and fills workspace/back.ts',
  alone: true,
  byHand: run => [
    run(),
    `head -c 300000 /dev/urandom >workspace/photo\n${run('client.ts', ['@workspace/photo'])}\ncmp workspace/photo workspace/back.ts`,
  ],
  async story({ answer, start, random }) {
    const photo = random.bytes(300_000)
    const pieces: Buffer[] = []
    await answer(conn => {
      conn.on('data', data => {
        pieces.push(data)
        conn.write(data)
      })
      conn.on('end', () => conn.end())
    })
    const cwd = mkdtempSync(join(tmpdir(), 'port-12345-file-'))
    try {
      mkdirSync(join(cwd, 'workspace'))
      writeFileSync(join(cwd, 'workspace/photo'), photo)
      const program = start('client.ts', ['@workspace/photo'], { cwd })
      await program.ended()
      const sent = Buffer.concat(pieces)
      if (sent.toString().startsWith('@')) {
        throw new Failure('other', 'the client has sent the name of the file, and should send its contents', { program })
      }
      expectBytes(sent, photo)
      const back = readIn(cwd, 'workspace/back.ts')
      if (!back) throw new Failure('other', 'the client has written no workspace/back.ts', { program })
      if (!back.equals(photo)) {
        throw new Failure('other', `workspace/back.ts has ${back.length} bytes, and other ones came back, ${photo.length} of them`, { program })
      }
      expectExitCode(program, 0)
    } finally {
      rmSync(cwd, { recursive: true, force: true })
    }
  },
}

/** What of the exercises can be checked; the others ask the reader to look at something, or to think. */
export const exercises: readonly Exercise[] = [
  {
    id: 'one-letter-at-a-time', behaviours: [oneByOne],
    solution: [
      change('client.ts', 'import { inspect }', 'import { setTimeout } from \'node:timers/promises\'\nimport { inspect }'),
      change('client.ts', 'conn.end(message)', `for (const byte of Buffer.from(message)) {
    conn.write(Buffer.from([byte]))
    await setTimeout(50)
  }
  conn.end()`),
    ],
  },
  {
    id: 'send-a-file', behaviours: [sendAFile],
    solution: [
      change('client.ts', 'import { connect', 'import { readFile, writeFile } from \'node:fs/promises\'\nimport { connect'),
      change('client.ts', 'message: string', 'message: string | Buffer'),
      change('client.ts', `  const answer = await sendAndReceive(conn, process.argv[2] ?? 'Hello')
  const text = inspect(answer.toString(), { breakLength: Infinity })
  console.log(\`Received: \${text}\`)
`, `  const message = process.argv[2] ?? 'Hello'
  if (message.startsWith('@')) {
    const answer = await sendAndReceive(conn, await readFile(message.slice(1)))
    await writeFile('workspace/back.ts', answer)
  }
`),
    ],
  },
]

function readIn(folder: string, file: string): Buffer | undefined {
  try {
    return readFileSync(join(folder, file))
  } catch {
    return undefined
  }
}
