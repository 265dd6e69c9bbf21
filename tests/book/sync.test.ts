import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readWorkbook } from '../../scripts/workbook/book/read.ts'
import { copyOfBook } from '../support/book.ts'
import { ROOT, workbook } from '../support/command.ts'

const LESSONS = readWorkbook(ROOT).lessons.length
// The lessons whose programs name the one port in the same line.
const EARLY = 8

test('everything that follows from the lessons is in step with them', async () => {
  expect(await workbook(['sync', '--check'])).toEqual({ code: 0, stdout: '', stderr: '' })
})

test('a lesson without its script is found out', async () => {
  const { root, edit } = copyOfBook({ commands: true })
  edit('package.json', '    "lesson:5": "node scripts/run.mjs lesson 5",\n', '')
  expect(await workbook(['sync', '--check'], { root })).toMatchObject({ code: 1, stdout: expect.stringContaining('out of step: package.json') })
})

// busy.ts lives in one lesson only: a change of it concerns no other.
test('after a program changed, sync rewrites the fences that show it', async () => {
  const { root, edit } = copyOfBook({ commands: true })
  edit('code/03-the-backlog/busy.ts', 'anybody for 20 seconds\')', 'anybody for 9 seconds\')\nconst idle = 9_000')
  edit('code/03-the-backlog/busy.ts', '0, 0, 20_000)', '0, 0, idle)')
  expect(() => readWorkbook(root)).toThrow()
  expect((await workbook(['sync'], { root })).stdout).toBe('rewritten: lessons/03-the-backlog.md\n')
  expect(readWorkbook(root).lessons).toHaveLength(LESSONS)
  const text = readFileSync(join(root, 'lessons/03-the-backlog.md'), 'utf8')
  expect(text).toContain('for 9 seconds\')\nconst idle = 9_000\nAtomics.wait(')
})

test('a fence that is like nothing in the program is left alone and named', async () => {
  const { root, edit } = copyOfBook({ commands: true })
  writeFileSync(join(root, 'code/03-the-backlog/busy.ts'), 'export {}\n')
  const line = edit('lessons/03-the-backlog.md', '```ts busy.ts', '```ts busy.ts')
  const { code, stderr } = await workbook(['sync'], { root })
  expect(code).toBe(1)
  expect(stderr).toContain(`lessons/03-the-backlog.md:${line}: nothing in busy.ts is like this fence any more`)
})

/** Removes the lessons after `last`. */
function keepTo(last: number, root: string): void {
  for (const folder of ['lessons', 'code']) {
    for (const name of readdirSync(join(root, folder))) {
      if (parseInt(name) > last) rmSync(join(root, folder, name), { recursive: true })
    }
  }
  // Their texts lead to any lesson.
  for (const name of readdirSync(join(root, 'lessons/parts'))) {
    const file = join(root, 'lessons/parts', name)
    writeFileSync(file, /^---\n.*?\n---\n/s.exec(readFileSync(file, 'utf8'))?.[0] ?? '')
  }
}

function commit(root: string): void {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, stdio: 'ignore' })
  git('init', '-q')
  git('add', 'code', 'lessons')
  git('-c', 'user.name=x', '-c', 'user.email=x@example.org', 'commit', '-qm', 'x')
}

test('a repair is carried into every later program, and nothing else changes', async () => {
  const { root, edit } = copyOfBook({ commands: true })
  keepTo(EARLY, root)
  commit(root)
  edit('code/02-a-listening-socket/server.ts', 'is taken: stop', 'is in use: stop')
  edit('lessons/02-a-listening-socket.md', 'console.error(`Port ${SERVER_PORT} is taken: stop the program that has it`)', 'console.error(`Port ${SERVER_PORT} is in use: stop the program that has it`)')
  expect(() => readWorkbook(root)).toThrow()
  const { code, stdout } = await workbook(['carry'], { root })
  expect(code).toBe(0)
  expect(stdout.match(/carried into/g)).toHaveLength(EARLY - 2)
  expect(readWorkbook(root).lessons).toHaveLength(EARLY)
  expect(readFileSync(join(root, 'code/07-a-client-of-our-own/server.ts'), 'utf8')).toContain('is in use: stop')
})

test('a lesson that puts back the files of another is shown against those, and gets its repairs', async () => {
  const { root, edit } = copyOfBook({ commands: true })
  commit(root)
  const lesson = readWorkbook(root).lessons.find(({ from }) => from === 9)!
  const removed = lesson.changes.filter(({ status }) => status === 'changed').flatMap(({ lines }) => lines.filter(({ kind }) => kind === 'removed'))
  expect(removed.map(({ text }) => text)).toContain('const SERVER_PORT = 12345')
  expect(removed.filter(({ text }) => text.includes('STAMP'))).toEqual([])
  edit('code/11-threads/client.ts', ' ms: gave up', ' ms: that is enough')
  expect((await workbook(['carry'], { root })).stdout).toBe('Nothing to carry.\n')
  edit('code/09-when-a-client-vanishes/client.ts', ' ms: gave up', ' ms: that will do')
  expect((await workbook(['carry', '11'], { root })).stdout).toContain(`carried into code/${lesson.folder}/client.ts\n`)
})

test('where a later lesson changes the same line, carry stops, says where, and leaves it alone', async () => {
  const { root, edit } = copyOfBook({ commands: true })
  commit(root)
  edit('code/05-a-client-handler/server.ts', 'for await (const data of conn) {', 'for await (const bytes of conn) {')
  const before = readFileSync(join(root, 'code/06-echo/server.ts'), 'utf8')
  const { code, stderr } = await workbook(['carry'], { root })
  expect(code).toBe(1)
  expect(stderr).toMatch(/^code\/06-echo\/server\.ts:\d+: what changed in code\/05-a-client-handler\/server\.ts meets .* npm run carry 6\.\n$/)
  expect(readFileSync(join(root, 'code/06-echo/server.ts'), 'utf8')).toBe(before)
})
