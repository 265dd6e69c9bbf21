import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { main as carry } from '../../scripts/carry.ts'
import { main as sync } from '../../scripts/sync.ts'
import { buildSite } from '../../site/build/build.ts'
import { readWorkbook } from '../../scripts/workbook/book/read.ts'
import { CACHE, copyOfBook, temporaryFolder } from '../site/fixture-book.ts'

const TEXT = 'lessons/06-echo.md'
const BOX = '\n::: given options.ts\nWhat may be set, and to what: nothing in it is about the network.\n:::\n'
const OPTIONS = 'export const PORT = 12345\n\n// A line that no snippet shows.\nexport const HOST = \'127.0.0.1\'\n'

/** The small book, whose last lesson gives a file. */
function book({ gives = 'gives: [options.ts]', box = BOX, leaves = 'leaves: [notes.json]' } = {}): string {
  const root = copyOfBook()
  const text = readFileSync(join(root, TEXT), 'utf8')
  writeFileSync(join(root, TEXT), text.replace('leaves: [notes.json]', `${leaves}${gives && `\n${gives}`}`) + box)
  writeFileSync(join(root, 'code/06-echo/options.ts'), OPTIONS)
  return root
}

const said = (root: string): string => {
  try {
    readWorkbook(root)
    return ''
  } catch (error) {
    return String(error)
  }
}

test('a file that is given need not be shown line by line', () => {
  expect(said(book())).toBe('')
  expect(said(book({ gives: '', box: '' }))).toMatch(/no snippet of lessons\/06-echo\.md shows this new line: "export const PORT = 12345"\. Show it, or give the file/)
})

test.each<[string, Parameters<typeof book>[0], RegExp]>([
  ['a file that is not there', { gives: 'gives: [opsions.ts]' }, /^lessons\/06-echo\.md:1: front matter, gives: code\/06-echo\/ has no file opsions\.ts\. Did you mean "options\.ts"\?/m],
  ['a file given twice', { gives: 'gives: [options.ts, options.ts]' }, /front matter, gives: options\.ts is given twice/],
  ['a file without a box', { box: '' }, /front matter, gives: no box shows options\.ts\. Write one: ::: given options\.ts/],
  ['a box for a file that is not given', { box: `${BOX}\n::: given server.ts\nThe server.\n:::\n` }, /^lessons\/06-echo\.md:\d+: the box shows "server\.ts", and the front matter does not give that\./m],
  ['a second box', { box: BOX + BOX }, /a second box shows options\.ts/],
  ['a box without a word', { box: '\n::: given options.ts\n:::\n' }, /this box does not say what options\.ts does/],
  ['an unknown key', { gives: 'give: [options.ts]' }, /the front matter has no key "give"\. Did you mean "gives"\?/],
])('%s stops the build', (_, how, message) => {
  expect(said(book(how))).toMatch(message)
})

test('a file that is as it was is not given again', () => {
  const root = book()
  const second = 'lessons/02-two-sockets.md'
  writeFileSync(join(root, 'code/02-two-sockets/options.ts'), OPTIONS)
  const text = readFileSync(join(root, second), 'utf8')
  writeFileSync(join(root, second), text.replace('needs: [nc, ss]', 'needs: [nc, ss]\ngives: [options.ts]') + BOX)
  expect(said(root)).toMatch(/^lessons\/06-echo\.md:1: front matter, gives: options\.ts is as it was in the lesson before\. The reader has it/)
})

test('its page shows it whole and folded, as the book on one page does; the search finds it once', async () => {
  const out = temporaryFolder()
  await buildSite(readWorkbook(book()), { out, cacheFolder: CACHE, search: false })
  const page = (path: string) => readFileSync(join(out, path), 'utf8')
  for (const path of ['lessons/06-echo.html', 'print.html']) {
    expect(page(path)).toMatch(/<div class="box given">.*\n<p>What may be set.*\n<p>Given files come into your folder with.*\n<details class="answer" data-pagefind-ignore><summary>options\.ts, 4 lines<\/summary>/)
    expect(page(path)).toContain('A line that no snippet shows.')
  }
  expect(page('code/06-echo.html')).toContain('<h2 id="options.ts">options.ts</h2><p class="status">given in this lesson · ')
})

test('a repair of a given file is carried into the lesson that gives it again', async () => {
  const root = book()
  const second = 'lessons/02-two-sockets.md'
  writeFileSync(join(root, 'code/02-two-sockets/options.ts'), 'export const PORT = 12345\n\n// A line that no snippet shows.\n')
  const text = readFileSync(join(root, second), 'utf8')
  writeFileSync(join(root, second), text.replace('needs: [nc, ss]', 'needs: [nc, ss]\ngives: [options.ts]') + BOX)
  const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: root, stdio: 'ignore' })
  git('init')
  git('add', '.')
  git('commit', '-m', 'before')
  writeFileSync(join(root, 'code/02-two-sockets/options.ts'), 'export const PORT = 54321\n\n// A line that no snippet shows.\n')
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  onTestFinished(() => log.mockRestore())
  expect(await carry([], { root })).toBe(0)
  expect(readFileSync(join(root, 'code/06-echo/options.ts'), 'utf8')).toBe(OPTIONS.replace('12345', '54321'))
  expect(await sync(['--check'], { root })).toBe(1)
  expect(log.mock.calls.flat().filter(line => /options|06-echo/.test(line))).toEqual(['carried into code/06-echo/options.ts'])
  expect(said(root)).toBe('')
})
