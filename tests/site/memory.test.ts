import { appendFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { buildSite } from '../../site/build/build.ts'
import { forgetAll } from '../../site/build/memory.ts'
import { readWorkbook } from '../../scripts/workbook/book/read.ts'
import { CACHE, copyOfBook, FIXTURE_BOOK, temporaryFolder } from './fixture-book.ts'

const build = (root: string, out: string, more = {}) =>
  buildSite(readWorkbook(root), { out, cacheFolder: CACHE, search: false, ...more })

function replace(file: string, from: string, to: string) {
  const text = readFileSync(file, 'utf8')
  expect(text).toContain(from)
  writeFileSync(file, text.replaceAll(from, to))
}

/** Every page that a build leaves, so that two builds can be compared. */
function pagesIn(folder: string) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.html') && statSync(join(folder, path)).isFile())
    .sort()
    .map(path => [path, readFileSync(join(folder, path), 'utf8')])
}

/** Each changes one thing that pages are made from. The process that builds has the pages as they were in mind. */
test.each<[string, (root: string) => void]>([
  ['the text of a lesson', root => appendFileSync(join(root, 'lessons/06-echo.md'), '\nMore.\n')],
  ['the title of another lesson', root => replace(join(root, 'lessons/01-first-words.md'), 'title: A name and a number', 'title: Other words')],
  ['a figure', root => replace(join(root, 'lessons/figures/handshake.svg'), '>accept<', '>taken<')],
  ['a program', root => {
    replace(join(root, 'code/06-echo/server.ts'), 'conn.pipe(conn)', 'conn.pipe(conn) // echo')
    replace(join(root, 'lessons/06-echo.md'), 'conn.pipe(conn)', 'conn.pipe(conn) // echo')
  }],
  ['the program before', root => {
    for (const file of ['code/02-two-sockets/server.ts', 'lessons/02-two-sockets.md']) replace(join(root, file), 'Listening: ', 'It listens: ')
  }],
  ['the text of a part', root => appendFileSync(join(root, 'lessons/parts/1-one-connection.md'), '\nMore.\n')],
  ['the title of a part', root => replace(join(root, 'lessons/parts/1-one-connection.md'), 'title: One connection', 'title: One caller')],
  ['the time that a lesson takes', root => replace(join(root, 'lessons/02-two-sockets.md'), 'minutes: 25', 'minutes: 45')],
  ['the summary of a lesson', root => replace(join(root, 'lessons/02-two-sockets.md'), 'summary: Every', 'summary: Once every')],
  ['the text of a part, which is gone', root => {
    const file = join(root, 'lessons/parts/1-one-connection.md')
    writeFileSync(file, readFileSync(file, 'utf8').split('---\n').slice(0, 2).join('---\n') + '---\n')
    replace(join(root, 'lessons/02-two-sockets.md'), '(parts/1-one-connection.md#what-comes-of-it)', '(06-echo.md)')
  }],
  ['the characters in use of a part', root => appendFileSync(join(root, 'lessons/parts/1-one-connection.md'), '\nÑandú.\n')],
  ['the characters in use', root => appendFileSync(join(root, 'lessons/01-first-words.md'), '\nPiña.\n')],
])('a build after %s has changed leaves what a first build would', async (_what, change) => {
  const [root, again, fresh] = [copyOfBook(), temporaryFolder(), temporaryFolder()]
  await build(root, again)
  change(root)
  const { written } = await build(root, again)
  expect(written.length).toBeGreaterThan(0)
  forgetAll()
  await build(root, fresh)
  expect(pagesIn(again)).toEqual(pagesIn(fresh))
})

test('a build after the title of a behaviour has changed does so too', async () => {
  const [again, fresh] = [temporaryFolder(), temporaryFolder()]
  await build(FIXTURE_BOOK, again, { tried: new Map([[2, { own: ['it answers'], earlier: 0 }]]) })
  const tried = new Map([[2, { own: ['it replies'], earlier: 0 }]])
  await build(FIXTURE_BOOK, again, { tried })
  forgetAll()
  await build(FIXTURE_BOOK, fresh, { tried })
  expect(pagesIn(again)).toEqual(pagesIn(fresh))
})
