import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isolated } from '../../scripts/workbook/machine/isolate.ts'
import { command, ROOT, run, start } from '../support/command.ts'
import { notProved } from '../support/not-proved.ts'
import { readerOf } from './reader.ts'

// The real book, its first lessons, as a reader goes through them.

const LESSONS = ['01-a-name-and-a-number', '02-a-listening-socket', '03-the-backlog']

function reader() {
  const root = readerOf()
  const book = join(root, 'book')
  for (const name of LESSONS) {
    cpSync(join(ROOT, 'lessons', `${name}.md`), join(book, 'lessons', `${name}.md`))
    cpSync(join(ROOT, 'code', name), join(book, 'code', name), { recursive: true })
  }
  cpSync(join(root, 'package.json'), join(book, 'package.json'))
  return {
    root: book,
    /** Types what the lesson shows. */
    type(lesson: number) {
      const name = LESSONS[lesson - 1] ?? ''
      mkdirSync(join(book, 'workspace'), { recursive: true })
      cpSync(join(book, 'code', name, 'server.ts'), join(book, 'workspace/server.ts'))
    },
    workbook: (line: string) => run(isolated(command(line.split(' '), book))),
  }
}

test('from an empty checkout to the second lesson done', async () => {
  const { root, type, workbook } = reader()
  expect((await workbook('check')).stderr).toBe('there is no folder workspace/. npm run begin makes it, and says what comes first.\n')
  expect((await workbook('begin')).stdout).toContain('You are on lesson 1, A name and a number.')
  type(1)
  const first = await workbook('check')
  expect(first.stdout).toMatch(/\nLesson 1: all \d+ hold\.\nDone\. On to lesson 2: npm run next\. Against the book's: npm run compare 1\n$/)
  // Nobody moves the reader on but the reader.
  expect((await workbook('check')).stdout).toContain('\nLesson 1: all')
  expect((await workbook('compare')).stdout).toBe('Lesson 1, A name and a number\n\nserver.ts: the same\n')
  expect((await workbook('next')).stdout).toContain('You are on lesson 2, A listening socket.')
  const failing = await workbook('check')
  expect(failing).toMatchObject({ code: 1, stderr: '' })
  expect(failing.stdout).toMatch(/^✗ /m)
  expect(JSON.parse(readFileSync(join(root, 'workspace/progress.json'), 'utf8'))).toMatchObject({
    current: 'a-listening-socket', failed: { lesson: 'a-listening-socket' },
  })
  expect((await workbook('compare')).stderr).toMatch(/^lesson 2 is not done yet/)
  type(2)
  expect(await workbook('check')).toMatchObject({ code: 0, stderr: '' })
  expect((await workbook('progress')).stdout).toMatch(/\] 2 of 3 done\n(.*\n)* {2}done {3}2 {2}A listening socket +you are here\n(.*\n)*Next: npm run next\n$/)
})

test('watch in a terminal: a save, the keys, and the terminal as it was before', async () => {
  if (spawnSync('script', ['-qec', 'true', '/dev/null'], { stdio: 'ignore' }).status !== 0) {
    return notProved('npm run check -- --watch in a terminal: script(1) is missing here')
  }
  const { root, type, workbook } = reader()
  await workbook('begin')
  type(1)
  const words = isolated(command(['check', '--watch'], root)).map(word => `'${word}'`).join(' ')
  const terminal = start(['script', '-qec', `${words}; echo ended with $?; stty -a`, '/dev/null'])
  await terminal.sees('Keys: n: next lesson, c: compare, r: run again, q: quit')
  terminal.child.stdin.write('c')
  await terminal.sees('server.ts: the same')
  terminal.child.stdin.write('n')
  await terminal.sees('You are on lesson 2, A listening socket.')
  type(2)
  await terminal.sees('--- server.ts changed, ')
  await terminal.sees('Lesson 2: all')
  terminal.child.stdin.write('q')
  await terminal.sees('ended with 0')
  const { stdout } = await terminal.ended
  // Lines are gathered and keys are shown again, as a shell needs it.
  expect(stdout).toMatch(/[^-]icanon/)
  expect(stdout).toMatch(/[^-]echo\b/)
})

test('watch without a terminal: no keys, and a signal ends it with all that it started', async () => {
  const { root, type, workbook } = reader()
  await workbook('begin')
  type(1)
  // Programs are started in a folder for what is temporary: this one names the book.
  const env = { TMPDIR: join(root, 'tmp') }
  mkdirSync(env.TMPDIR)
  const watch = start(isolated(command(['check', '--watch'], root)), { stdin: 'q', env })
  await watch.sees('Waiting for the next save. Ctrl-C ends this.')
  type(2)
  await watch.sees('--- server.ts changed, ')
  if (process.platform === 'linux') await expect.poll(() => processesAt(root).length, { timeout: 10_000 }).toBeGreaterThan(1)
  watch.child.kill('SIGTERM')
  expect(await watch.ended).toMatchObject({ code: 143, stderr: '' })
  await expect.poll(() => processesAt(root), { timeout: 10_000 }).toEqual([])
})

/** The processes that work in a folder or name it (Linux: proc(5)); what a check has left behind is one. */
function processesAt(folder: string): string[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc').filter(entry => /^\d+$/.test(entry)).filter(pid => {
    try {
      return readlinkSync(`/proc/${pid}/cwd`).startsWith(folder) || readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder)
    } catch {
      // It has ended meanwhile.
      return false
    }
  })
}
