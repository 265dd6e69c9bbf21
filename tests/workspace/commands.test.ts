import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { Problem } from '../../scripts/workbook/problem.ts'
import { OVERVIEW } from '../../scripts/workbook/start/help.ts'
import { README } from '../../scripts/workbook/workspace/begin.ts'
import { command, ROOT, run } from '../support/command.ts'
import { contentsOf, lost, readerOf, write } from './reader.ts'

interface Ended {
  code: number
  stdout: string
  stderr: string
}

/** What the launcher makes of a command, in this process: a new one for each would take a minute. */
async function workbook(root: string, line: string): Promise<Ended> {
  const [name = '', ...argv] = line.split(' ')
  const { main } = await import(`../../scripts/${name}.ts`) as { main: (argv: string[], context: { root: string }) => Promise<number> }
  const printed: string[] = []
  const log = vi.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(`${text}\n`))
  vi.stubEnv('INIT_CWD', root)
  try {
    return { code: await main(argv, { root }), stdout: printed.join(''), stderr: '' }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { code: error.exitCode, stdout: printed.join(''), stderr: `${String(error)}\n` }
  } finally {
    log.mockRestore()
    vi.unstubAllEnvs()
  }
}

/** What a command that succeeds prints; nothing of it is wider than a terminal. */
async function prints(root: string, line: string): Promise<string> {
  const ended = await workbook(root, line)
  expect(ended).toMatchObject({ code: 0, stderr: '' })
  expect(ended.stdout.split('\n').filter(text => text.length > 80)).toEqual([])
  return ended.stdout
}

async function refuses(root: string, line: string): Promise<string> {
  const { code, stdout, stderr } = await workbook(root, line)
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  return stderr
}

const PROGRESS = 'workspace/progress.json'
const done = (...ids: string[]) => JSON.stringify({ done: Object.fromEntries(ids.map(id => [id, '2026-11-20T08:00:00.000Z'])) })

test('begin, in a new checkout', async () => {
  const root = readerOf()
  expect(await prints(root, 'begin')).toBe(`workspace/ is made, and it is yours: no command overwrites a file in it.

  Nothing of yours is in it so far.

You are on lesson 1, Start.

  read it    lessons/01-start.md, or the site: npm start
  write it   in workspace/
  run it     npm run mine
  check it   npm run check

All commands: npm run help
`)
  expect(contentsOf(join(root, 'workspace'))).toEqual(new Map([['README.md', `file ${Buffer.from(README).toString('latin1')}`]]))
})

test('begin, later: what is there', async () => {
  const root = readerOf({
    [PROGRESS]: done('start'), 'workspace/server.ts': 'a\nb\n', 'workspace/client.ts': '', 'workspace/one.ts': 'a',
    'workspace/notes.md': '', 'workspace/kept-2026-11-20-0853/server.ts': '', 'workspace/lib/a.ts': '',
  })
  expect(await prints(root, 'begin')).toMatch(/^workspace\/ is there, and it is yours/)
  expect(await prints(root, 'begin')).toContain(`
  client.ts              empty
  kept-2026-11-20-0853   what a command had to move
  lib                    a folder
  notes.md               a file
  one.ts                 1 line
  progress.json          what is done: npm run progress
  server.ts              2 lines

You are on lesson 2, Echo.
`)
})

test('the page that begin makes is the one in git', () => {
  expect(readFileSync(join(ROOT, 'workspace/README.md'), 'utf8')).toBe(README)
})

test('catch-up: what it did and where everything is', async () => {
  const root = readerOf({ 'workspace/server.ts': 'mine\n' })
  expect((await prints(root, 'catch-up 4')).replace(/\d{4}-\d\d-\d\d-\d{4}/g, '<when>')).toBe(`The program as it stands before lesson 4, Unwritten, is in workspace/ now:
client.ts, server.ts
What was there is kept in workspace/kept-<when>/: server.ts
To have it back: cp -r workspace/kept-<when>/. workspace/

In workspace/ now:
  client.ts              2 lines
  kept-<when>   what a command had to move
  server.ts              14 lines

You are on lesson 4, Unwritten.

  read it    lessons/04-unwritten.md, or the site: npm start
  write it   in workspace/
  run it     npm run mine
  check it   npm run check
`)
  expect(await prints(root, 'catch-up 4')).toMatch(/^workspace\/ has the program as it stands before lesson 4, Unwritten, already\.\n\n/)
  expect([...contentsOf(root).keys()].filter(name => /kept-[\d-]+$/.test(name))).toHaveLength(1)
})

test('catch-up: nothing to do, nothing to put there, no lesson, no number', async () => {
  const root = readerOf({ 'lessons/05-after.md': '---\ntitle: After\n---\n' })
  expect(await prints(root, 'catch-up 1')).toBe('Nothing to catch up: lesson 1 begins with an empty file. See: npm run begin\n')
  expect(await refuses(root, 'catch-up 5')).toBe('lesson 4 has no program yet, so there is none to put into workspace/.\n')
  expect(await workbook(root, 'catch-up')).toMatchObject({ code: 2, stderr: 'to which lesson? Use: npm run catch-up 6\n' })
  expect((await workbook(root, 'catch-up 9')).stderr).toMatch(/^there is no lesson 9\. The lessons are 1 to 5/)
  expect(await workbook(root, 'catch-up 2 3')).toMatchObject({ code: 2, stderr: '"3" is one word too many. Use: npm run catch-up 6\n' })
})

test.each(['next', 'catch-up', 'compare', 'try', 'carry', 'check'])('%s: a lesson that is not there names the nearest for this command', async name => {
  expect(await workbook(readerOf(), `${name} 99`)).toEqual({
    code: 2, stdout: '', stderr: `there is no lesson 99. The lessons are 1 to 4; the nearest is 4, unwritten: npm run ${name} 4\n`,
  })
})

test('next: only when the lesson is done, or when it is said', async () => {
  const root = readerOf({ [PROGRESS]: JSON.stringify({ current: 'start', done: {} }) })
  expect(await refuses(root, 'next')).toBe('lesson 1 is not done yet. Check it: npm run check. To go on all the same: npm run next 2\n')
  write(root, { [PROGRESS]: JSON.stringify({ current: 'start', done: { start: '2026' } }) })
  expect(await prints(root, 'next')).toMatch(/^You are on lesson 2, Echo\.\n\n {2}read it {4}lessons\/02-echo\.md/)
  expect(await prints(root, 'next 4')).toMatch(/^You are on lesson 4, Unwritten\./)
  expect(await refuses(root, 'next')).toBe('lesson 4 is not done yet. Check it: npm run check\n')
  write(root, { [PROGRESS]: JSON.stringify({ current: 'unwritten', done: { unwritten: '2026' } }) })
  expect(await refuses(root, 'next')).toBe('lesson 4 is the last one that is written.\n')
})

test('hint: nothing has failed but an exercise, perhaps', async () => {
  expect(await refuses(readerOf(), 'hint')).toBe('nothing has failed so far, so there is no hint to give. '
    + 'First: npm run check. Hints for an exercise are on its page.\n')
})

test('hint: after a check that passed, all holds', async () => {
  const root = readerOf({ [PROGRESS]: JSON.stringify({ current: 'echo', done: { start: '2026', echo: '2026' } }) })
  expect(await prints(root, 'hint')).toBe('All that lesson 2 promises held in your last check, so there is no hint to give.\nOn to the next lesson: npm run next\n')
  write(root, { [PROGRESS]: JSON.stringify({ current: 'unwritten', done: { unwritten: '2026' } }) })
  expect(await prints(root, 'hint')).toBe('All that lesson 4 promises held in your last check, so there is no hint to give.\n')
  // The lesson before is done, and this one was not checked.
  write(root, { [PROGRESS]: JSON.stringify({ current: 'polite', done: { echo: '2026' } }) })
  expect(await refuses(root, 'hint')).toMatch(/^nothing has failed so far, .* First: npm run check\./)
})

test('compare --restore: the book\'s file again, and the reader\'s is kept', async () => {
  const root = readerOf({ [PROGRESS]: done('start', 'echo', 'polite'), 'workspace/server.ts': 'shouts\n', 'workspace/client.ts': 'mine\n' })
  const book = readFileSync(join(root, 'code/03-polite/server.ts'), 'utf8')
  const before = contentsOf(root)
  expect((await prints(root, 'compare 3 --restore server.ts')).replace(/\d{4}-\d\d-\d\d-\d{4}/g, '<when>'))
    .toBe('workspace/server.ts is the book\'s now, as lesson 3 has it.\nYours is kept: workspace/kept-<when>/server.ts\n')
  expect(readFileSync(join(root, 'workspace/server.ts'), 'utf8')).toBe(book)
  expect(lost(before, root)).toEqual([])
  expect(await prints(root, 'compare 3 --restore workspace/server.ts')).toBe('workspace/server.ts is the book\'s already, as lesson 3 has it.\n')
  expect(await workbook(root, 'compare 3 --restore sever.ts')).toMatchObject({
    code: 2, stderr: '--restore sever.ts: the program of lesson 3 has no such file. Did you mean "server.ts"? Known are: client.ts, server.ts.\n',
  })
  expect(readFileSync(join(root, 'workspace/client.ts'), 'utf8')).toBe('mine\n')
  write(root, { [PROGRESS]: done('start') })
  expect(await refuses(root, 'compare 3 --restore server.ts')).toMatch(/To have it all the same: npm run compare 3 -- --now --restore server\.ts\n$/)
})

test('compare: a diff, once the lesson is done', async () => {
  const root = readerOf({
    'workspace/client.ts': '// my own\nconsole.log(\'client\', ...process.argv.slice(2))\nawait new Promise(() => {})\n',
    'workspace/other.ts': '', [PROGRESS]: JSON.stringify({ current: 'polite', done: {} }),
  })
  expect(await refuses(root, 'compare')).toBe('lesson 3 is not done yet, and the book\'s program would give it away. '
    + 'Check it: npm run check. To look all the same: npm run compare -- --now\n')
  expect(await refuses(root, 'compare 2')).toMatch(/Check it: npm run check 2\. To look all the same: npm run compare 2 -- --now\n$/)
  expect(await prints(root, 'compare --now')).toBe(`Lesson 3, Polite, which is not done yet

Lines with - are only in yours, lines with + only in the book's. Differences of
form (blanks, quotation marks, semicolons) are passed over.

--- workspace/client.ts
+++ code/03-polite/client.ts
@@ -1,3 +1,2 @@
-// my own
 console.log('client', ...process.argv.slice(2))
 await new Promise(() => {})

server.ts: you have none. The book's is code/03-polite/server.ts

other.ts: the book has none
`)
  write(root, { [PROGRESS]: JSON.stringify({ current: 'polite', done: { polite: '2026' } }) })
  expect(await prints(root, 'compare')).toMatch(/^Lesson 3, Polite\n/)
})

test('compare: the same, form alone, binary, too wide a line, a folder', async () => {
  const root = readerOf({ [PROGRESS]: done('polite', 'start', 'echo') })
  const books = (name: string) => readFileSync(join(root, 'code/03-polite', name), 'utf8')
  write(root, { 'workspace/server.ts': books('server.ts'), 'workspace/client.ts': books('client.ts').replaceAll('\'', '"') })
  expect(await prints(root, 'compare 3')).toBe('Lesson 3, Polite\n\nclient.ts: the same but for its form\n\nserver.ts: the same\n')
  write(root, { 'workspace/server.ts': `${'a long line '.repeat(12)}\n${books('server.ts')}`, 'workspace/client.ts': '\0' })
  const told = await prints(root, 'compare 3')
  expect(told).toContain('client.ts: another one than code/03-polite/client.ts\n')
  expect(told).toContain('\n-a long line a long line a long line a long line a long line a long line a long\n-… line a long line')
  const other = readerOf({ [PROGRESS]: done('echo'), 'workspace/server.ts/mine.ts': '' })
  expect(await refuses(other, 'compare 2')).toMatch(/workspace\/server\.ts is a folder where a file should be\.\n$/)
})

test('progress: what is done and what is next', async () => {
  const root = readerOf({ [PROGRESS]: done('start', 'polite', 'a-lesson-of-old') })
  expect(await prints(root, 'progress')).toBe(`[################################>---------------------------------] 2 of 4 done

  done   1  Start                                     2026-11-20
  here   2  Echo
  done   3  Polite                                    2026-11-20
         4  Unwritten

Done as well, though not in this copy of the book: a-lesson-of-old

Next: read lessons/02-echo.md, or the site (npm start), then: npm run check
`)
  const failed = { lesson: 'echo', behaviour: 'echo', shown: 1 }
  write(root, { [PROGRESS]: JSON.stringify({ current: 'echo', done: { start: '' }, failed }) })
  expect(await prints(root, 'progress')).toMatch(/\nNext: npm run check\n$/)
  write(root, { [PROGRESS]: JSON.stringify({ current: 'start', done: { start: '' } }) })
  expect(await prints(root, 'progress')).toMatch(/\n {2}done {3}1 {2}Start +you are here\n(.*\n)*Next: npm run next\n$/)
  write(root, { [PROGRESS]: done('start', 'echo', 'polite', 'unwritten') })
  expect(await prints(root, 'progress')).toMatch(/\nAll that is written is done\.\n$/)
})

test('progress --json', async () => {
  const root = readerOf({ [PROGRESS]: done('start', 'a-lesson-of-old') })
  expect(JSON.parse((await workbook(root, 'progress --json')).stdout)).toEqual({
    done: 1,
    of: 4,
    current: 'echo',
    lessons: [
      { id: 'start', number: 1, title: 'Start', done: '2026-11-20T08:00:00.000Z' },
      { id: 'echo', number: 2, title: 'Echo' },
      { id: 'polite', number: 3, title: 'Polite' },
      { id: 'unwritten', number: 4, title: 'Unwritten' },
    ],
    others: ['a-lesson-of-old'],
  })
})

test('progress goes to another machine and back, and nothing that is done is lost', async () => {
  const here = readerOf({ [PROGRESS]: JSON.stringify({ current: 'polite', remark: 'on the train', done: { start: '1', echo: '2' }, failed: { lesson: 'polite', behaviour: 'x', shown: 2 } }) })
  const there = readerOf({ [PROGRESS]: JSON.stringify({ done: { polite: '3', start: '4' } }) })
  expect((await workbook(here, 'progress --export mine.json')).stdout).toContain('has your progress: 2 lessons done.\n')
  expect(JSON.parse(readFileSync(join(here, 'mine.json'), 'utf8'))).toEqual({ version: 1, current: 'polite', remark: 'on the train', done: { start: '1', echo: '2' } })
  write(there, { 'mine.json': readFileSync(join(here, 'mine.json'), 'utf8') })
  expect(await prints(there, 'progress --import mine.json')).toBe('1 lesson more done now. See: npm run progress\n')
  expect(JSON.parse(readFileSync(join(there, PROGRESS), 'utf8')))
    .toEqual({ version: 1, current: 'polite', remark: 'on the train', done: { start: '4', echo: '2', polite: '3' } })
  expect(await prints(there, 'progress --import mine.json')).toBe('Nothing new: all of that is done here too.\n')
  await workbook(there, 'progress --export theirs.json')
  write(here, { 'theirs.json': readFileSync(join(there, 'theirs.json'), 'utf8') })
  await workbook(here, 'progress --import theirs.json')
  expect(JSON.parse(readFileSync(join(here, PROGRESS), 'utf8')).done).toEqual({ start: '1', echo: '2', polite: '3' })
})

test('progress: a file to import that is broken or missing, a file to export that is there', async () => {
  const root = readerOf({ [PROGRESS]: done('start'), 'broken.json': '{"done": [}', 'there.json': 'mine' })
  const before = contentsOf(root)
  expect(await refuses(root, 'progress --import broken.json')).toMatch(/broken\.json:1: this is not JSON: Unexpected token.*\n$|broken\.json: this is not JSON\.\n$/)
  expect(await workbook(root, 'progress --import nowhere.json')).toEqual({
    code: 2, stdout: '', stderr: '--import nowhere.json: there is no such file. One is made where your progress is: npm run progress -- --export FILE\n',
  })
  expect(await workbook(root, 'progress --export no/where.json')).toEqual({
    code: 2, stdout: '', stderr: '--export no/where.json: there is no folder no. Make it, or choose another.\n',
  })
  expect(await refuses(root, 'progress --export there.json')).toMatch(/there\.json is there already\. Nothing was changed\. Move it away, or choose another name\.\n$/)
  expect(await workbook(root, 'progress --import')).toMatchObject({ code: 2 })
  expect(await workbook(root, 'progress --export a --import b')).toMatchObject({ code: 2 })
  expect(contentsOf(root)).toEqual(before)
})

test.each([
  'begin', 'hint', 'next', 'compare', 'progress', 'catch-up', 'help', 'try 3', 'carry', 'sync', 'new',
])('%s: a wrong option gets one line, and nothing is done', async words => {
  const root = readerOf()
  const before = contentsOf(root)
  const { code, stdout, stderr } = await workbook(root, `${words} --nwo`)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(contentsOf(root)).toEqual(before)
  expect(stderr).toMatch(/^there is no option "--nwo"\. .*Use: npm run .*\n$/)
})

test('try: of one lesson, and it has to be said which', async () => {
  expect(await workbook(readerOf(), 'try')).toEqual({ code: 2, stdout: '', stderr: 'the experiments of which lesson? Use: npm run try 6\n' })
  expect(await workbook(readerOf(), 'try 2 3')).toEqual({ code: 2, stdout: '', stderr: '"3" is one word too many. Use: npm run try 6\n' })
})

test.each(['/nonexistent', '../no/where', 'nowhere'])('check --of %s: what was typed is not there', async folder => {
  expect(await workbook(readerOf(), `check 2 --of ${folder}`)).toEqual({
    code: 2, stdout: '', stderr: `--of ${folder}: there is no folder ${folder}. npm run check -- --help tells what there is.\n`,
  })
})

test('started as npm starts them', async () => {
  const root = readerOf({ [PROGRESS]: JSON.stringify({ current: 'start', done: { start: '2026' } }) })
  expect(await run(command(['help'], root))).toEqual({ code: 0, signal: null, stderr: '', stdout: `${OVERVIEW}\n` })
  expect(await run(command(['next'], root))).toMatchObject({ code: 0, stderr: '' })
  expect(await run(command(['next'], root))).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^lesson 2 is not done yet/) })
  expect(await run(command(['next', '-x'], root))).toMatchObject({ code: 2 })
})

test('help is one screen, and has every command that a reader needs', () => {
  const lines = OVERVIEW.split('\n')
  expect(lines.length).toBeLessThanOrEqual(24)
  expect(lines.filter(line => line.length > 80)).toEqual([])
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
  const forAuthors = ['test', 'build', 'dev', 'lint', 'sync', 'carry', 'bench', 'new', 'help']
  const named = [...OVERVIEW.matchAll(/^ {2}npm (?:run )?([\w-]+)/gm)].map(([, name]) => name)
  const readers = Object.keys(scripts).filter(name => !name.startsWith('lesson:') && !forAuthors.includes(name))
  expect([...new Set(named)].sort()).toEqual(readers.sort())
})
