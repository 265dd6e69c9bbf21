import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Behaviour, RunLine, World } from '#workbook/check/behaviour.ts'
import { Failure } from '#workbook/check/explain/failure.ts'
import type { Program } from '#workbook/check/program/program.ts'
import { PORT } from '#workbook/check/setting.ts'

const ROUNDS = 5
/** The first message to a program that was started again. */
export const COUNTED_ON = ROUNDS * 3 + 1

export const countsAll: Behaviour = {
  id: 'counts-all',
  title: '200 messages of 20 clients at once are all counted, and all echoed',
  to: 10,
  alone: true,
  byHand,
  async story(world) {
    const program = await world.serve()
    await crowd(world, 20, 10)
    await counts(program, 200)
  },
}

export const countsLines: Behaviour = {
  id: 'counts-lines',
  title: 'a message is a line, in however many pieces it comes',
  to: 10,
  alone: true,
  byHand: run => [
    run(),
    `(printf Hel; sleep 1; printf 'lo\\nand\\nmo'; sleep 1\nprintf 're\\n1\\n2\\n') | nc -N 127.0.0.1 ${PORT}`,
  ],
  async story({ serve, connect }) {
    const program = await serve()
    const peer = await connect()
    for (const piece of ['Hel', 'lo\nand\nmo', 're\n1\n2\n']) {
      await peer.send(piece)
      await peer.receives(piece)
    }
    await counts(program, 2)
    await counts(program, 5)
  },
}

export const keepsTheCount: Behaviour = {
  id: 'keeps-the-count',
  title: 'started again, it counts on from where it was',
  to: 10,
  alone: true,
  byHand: run => [
    `rm -f messages.txt; ${run()}\n# after the first three: Ctrl-C, and\n${run()}`,
    `for i in 1 2 3; do echo $i | nc -N 127.0.0.1 ${PORT} & done; wait\n`
    + `# when it runs again:\necho 4 | nc -N 127.0.0.1 ${PORT}; cat messages.txt`,
  ],
  async story(world) {
    const first = await world.serve()
    // Whether a message comes in the middle of the saving of another is up to chance.
    for (let count = 3; count <= ROUNDS * 3; count += 3) {
      await crowd(world, 3, 1)
      await counts(first, count)
      await saysInTime(first, String(count))
    }
    await first.kill()
    const second = world.start('server.ts', [], { cwd: first.cwd })
    await second.listening(PORT)
    await crowd(world, 1, 1)
    await counts(second, COUNTED_ON)
  },
}

export const wholeNumbers: Behaviour = {
  id: 'whole-numbers',
  title: 'messages.txt holds a whole number at any moment',
  to: 10,
  platforms: ['linux', 'darwin'],
  alone: true,
  byHand: run => [
    `${run()} >/dev/null`,
    'while sleep 0.01; do [ -s messages.txt ] || echo empty; done',
    `yes | head -c 100000 | nc -N 127.0.0.1 ${PORT} >/dev/null`,
  ],
  async story(world) {
    const program = await world.serve()
    await crowd(world, 1, 1)
    let over = false
    const all = crowd(world, 20, 20).finally(() => over = true)
    let before = 0
    let looks = 0
    while (!over) {
      const found = written(program)
      const number = /^\d+$/.test(found ?? '') ? Number(found) : undefined
      // The first message may not have been saved yet.
      if (found !== undefined && (number === undefined || number < before)) {
        await all
        const what = number === undefined ? says(found) : `says ${number} after it said ${before}`
        throw new Failure('other', `while messages were counted, messages.txt ${what}`, { program })
      }
      before = number ?? before
      // Many looks in a row: the moment in which a file is empty is short.
      if (++looks % 50 === 0) await new Promise(resolve => setImmediate(resolve))
    }
    await all
    await saysInTime(program, '401')
  },
}

/** What begins to hold in this lesson, in the order in which it is told. */
export const behaviours = [
  countsAll, countsLines, keepsTheCount, wholeNumbers,
]

function byHand(run: RunLine): string[] {
  return [
    `rm -f messages.txt; ${run()} | grep --line-buffered far`,
    `for i in $(seq 200); do echo $i | nc -N 127.0.0.1 ${PORT} & done`,
  ]
}

/** So many clients at once, each of which sends its messages one by one and wants each of them back. */
async function crowd({ connect }: World, clients: number, messages: number): Promise<void> {
  const all = await Promise.all(Array.from({ length: clients }, () => connect()))
  await Promise.all(all.map(async (peer, index) => {
    for (let count = 1; count <= messages; count++) {
      await peer.send(`${count} of ${index}\n`)
      await peer.receives(`${count} of ${index}\n`)
    }
  }))
}

async function counts(program: Program, messages: number): Promise<void> {
  await program.says(`Messages so far: ${messages}`)
}

/** @throws Failure when messages.txt does not come to say it */
async function saysInTime(program: Program, count: string): Promise<void> {
  const deadline = Date.now() + SAVES
  while (written(program) !== count && Date.now() < deadline) await new Promise(resolve => setTimeout(resolve, 10))
  if (written(program) === count) return
  throw new Failure('other', `after ${count} messages messages.txt should say ${count}, and it ${says(written(program))}`, {
    program, certain: false,
  })
}

/** What the program's file says, without the end of the line; undefined while there is none. */
function written({ cwd }: Program): string | undefined {
  try {
    return readFileSync(join(cwd, 'messages.txt'), 'latin1').trimEnd()
  } catch {
    return undefined
  }
}

function says(found: string | undefined): string {
  if (found === undefined) return 'is not there'
  return found === '' ? 'was empty' : `says ${JSON.stringify(found.slice(0, 40))}`
}

// In milliseconds: until a count must be in its file.
const SAVES = 1500
