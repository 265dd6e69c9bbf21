import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readWorkbook } from '../../scripts/workbook/book/read.ts'
import { copyOfBook } from '../support/book.ts'
import { workbook } from '../support/command.ts'

type Book = ReturnType<typeof copyOfBook>

const ECHO = 'lessons/06-echo.md'

/** Gives the third part a page with this text, or with none; the text begins on line 7. */
function writePart({ root }: Book, text = ''): void {
  writeFileSync(join(root, 'lessons/parts/3-tls.md'), `---\ntitle: TLS\nsummary: What nobody else can read.\n---\n\n\n${text}\n`)
}

const inPart = (text: string) => (book: Book) => writePart(book, text)

/** Every way in which an author can go wrong: what is broken, and what is said of it. */
const CASES: readonly [string, (book: Book) => unknown, RegExp][] = [
  ['no front matter', ({ edit }) => edit(ECHO, '---\nid: echo\n', 'id: echo\n'), /^lessons\/06-echo\.md:1: there is no front matter\./],
  ['front matter that is no YAML', ({ edit }) => edit(ECHO, 'needs: [nc, ss]', 'needs: [nc, ss'), /^lessons\/06-echo\.md:\d+:\d+: the front matter is not YAML: /],
  ['an unknown key', ({ edit }) => edit(ECHO, 'minutes: 35', 'minuets: 35'), /^lessons\/06-echo\.md:6: the front matter has no key "minuets"\. Did you mean "minutes"\?/m],
  ['a key that is missing', ({ edit }) => edit(ECHO, 'title: Echo\n', ''), /front matter, title: /],
  ['an unknown part', ({ edit }) => edit(ECHO, 'part: One connection', 'part: One conection'), /^lessons\/06-echo\.md:4: front matter, part: .* Did you mean "One connection"\?/],
  ['a part where the number does not belong', ({ edit }) => edit(ECHO, 'part: One connection', 'part: TLS'), /lesson 6 is not in the part "TLS"\. That part has the lessons 16 to 20\./],
  ['an unknown tool', ({ edit }) => edit(ECHO, 'needs: [nc, ss]', 'needs: [nc, sss]'), /^lessons\/06-echo\.md:7: front matter, needs: .* Did you mean "ss"\?/],
  ['an id that is not the slug', ({ edit }) => edit(ECHO, 'id: echo', 'id: ecko'), /the front matter's id is "ecko" and the file's name says "echo"/],
  ['an unknown box', ({ edit }) => edit(ECHO, '::: warning Experimental', '::: warnung Experimental'), /^lessons\/06-echo\.md:\d+: there is no box "warnung"\. Did you mean "warning"\?/],
  ['a box that is not closed', ({ edit }) => edit(ECHO, 'and one for `end`.\n:::\n', 'and one for `end`.\n'), /^lessons\/06-echo\.md:\d+: the box "warning" is not closed/],
  ['a fence without a language', ({ edit }) => edit(ECHO, '```ts server.ts', '```'), /^lessons\/06-echo\.md:\d+: this fence names no language/],
  ['an unknown language', ({ edit }) => edit(ECHO, '```ts server.ts', '```tz server.ts'), /a fence has no language "tz"\. Did you mean "ts"\?/],
  ['a fence without a file', ({ edit }) => edit(ECHO, '```ts server.ts', '```ts'), /this ts fence names no file\. .*```ts sketch/],
  ['a file that is not there', ({ edit }) => edit(ECHO, '```ts server.ts', '```ts sever.ts'), /code\/06-echo\/ has no file sever\.ts\. Did you mean "server\.ts"\?/],
  ['an unknown attribute', ({ edit }) => edit(ECHO, '```ts server.ts', '```ts server.ts {3}'), /a fence takes no attribute "\{3\}"/],
  ['an unknown attribute of an experiment', ({ edit }) => edit(ECHO, '{recorded} Ten packets', '{recoded} Ten packets'), /an experiment has no attribute "recoded"\. Did you mean "recorded"\?/],
  ['code that is indented instead of fenced', ({ edit }) => edit(ECHO, '## Send it back\n', '## Send it back\n\n    conn.end()\n'), /this code is indented instead of fenced/],
  ['a term defined twice', ({ edit }) => edit(ECHO, 'a **half-close**', 'a **backlog**'), /the term "backlog" is defined in lessons\/03-the-backlog\.md already/],
  ['a sentence in bold', ({ edit }) => edit(ECHO, 'a **half-close**', '**This is said.** A half-close'), /^lessons\/06-echo\.md:\d+: "This is said\." is a sentence, and bold is for the terms/],
  ['two headings with one link', ({ edit }) => edit(ECHO, '## Hello, Hello', '## Send it back'), /a second heading makes the link #send-it-back/],
  ['two lessons with one number', ({ root }) => cpSync(join(root, ECHO), join(root, 'lessons/06-more-echo.md')), /^lessons\/06-more-echo\.md:1: lessons\/06-echo\.md has the number 06 too/],
  ['a file that is no lesson', ({ root }) => writeFileSync(join(root, 'lessons/notes.md'), 'x'), /^lessons\/notes\.md:1: the name of this file is not that of a lesson/],
  ['a snapshot without a lesson', ({ root }) => mkdirSync(join(root, 'code/08-orphan')), /^code\/08-orphan: no lesson belongs to the folder/],
  ['a lesson without a snapshot', ({ root }) => rmSync(join(root, 'code/07-a-client-of-our-own'), { recursive: true }), /^lessons\/07-a-client-of-our-own\.md:1: the folder code\/07-a-client-of-our-own\/ is missing/],
  ['a lesson to begin with that comes later', ({ edit }) => edit(ECHO, 'id: echo\n', 'id: echo\nfrom: 7\n'), /^lessons\/06-echo\.md:3: front matter, from: no lesson 7 comes before this one/],
  ['an experiment on the cover that is not there', ({ edit }) => edit(ECHO, 'cover: one-client-says-hello', 'cover: one-client-says-helo'),
    /^lessons\/06-echo\.md:1: front matter, cover: "one-client-says-helo" is no experiment of this lesson that is played\. Did you mean "one-client-says-hello"\?/],
  ['something else to begin with', ({ edit }) => edit(ECHO, 'id: echo\n', 'id: echo\nfrom: scratch\n'), /^lessons\/06-echo\.md:3: front matter, from: it is a lesson's number, or nothing\.?$/m],
  ['a page of no part', ({ root }) => writeFileSync(join(root, 'lessons/parts/3-tsl.md'), 'x'), /^lessons\/parts\/3-tsl\.md:1: no part of the course has a page of this name\. Did you mean "lessons\/parts\/3-tls\.md"\?/m],
  ['a part without its page', ({ root }) => rmSync(join(root, 'lessons/parts/3-tls.md')), /^lessons\/parts\/3-tls\.md:1: the part "TLS" has no page\. Write it/m],
  ['an unknown key of a part\'s page', ({ edit }) => edit('lessons/parts/3-tls.md', 'summary:', 'sumary:'), /^lessons\/parts\/3-tls\.md:\d+: the front matter has no key "sumary"\. Did you mean "summary"\?/m],
  ['a part\'s page that shows a program', inPart('```ts server.ts\nconst a = 1\n```'), /^lessons\/parts\/3-tls\.md:7: the page of a part has no program, and so no file server\.ts\. Show it in a lesson, or mark it as a sketch: ```ts sketch\.$/],
  ['a part\'s page with an exercise', inPart(':::: exercise Seal it\nDo.\n\n::: hint\nLook.\n:::\n::::'), /^lessons\/parts\/3-tls\.md:7: the page of a part has no box "exercise"\. Put it into a lesson\. A part has these: try, checkpoint, aside, warning, details\.$/],
  ['a part\'s page with a given file', inPart('::: given options.ts\nIt reads options.\n:::'), /^lessons\/parts\/3-tls\.md:7: the page of a part has no box "given"/],
  ['an unknown box in a part\'s page', inPart('::: tri\n:::'), /^lessons\/parts\/3-tls\.md:7: there is no box "tri"\. Did you mean "try"\?/],
  ['an unknown language in a part\'s page', inPart('```tz sketch\n```'), /^lessons\/parts\/3-tls\.md:7: a fence has no language "tz"/],
  ['an experiment in a part\'s page that is none', inPart('```experiment X\nnc > Hello\n```'), /^lessons\/parts\/3-tls\.md:7: nothing is started in this experiment/],
  ['a term that a lesson defines, in a part\'s page', inPart('A **backlog** again.'), /^lessons\/parts\/3-tls\.md:7: the term "backlog" is defined in lessons\/03-the-backlog\.md already/],
  ['a link of a part\'s page to nothing', inPart('[x](../6-echo.md)'), /^lessons\/parts\/3-tls\.md:7: the link \.\.\/6-echo\.md points to nothing\. Did you mean "lessons\/06-echo\.md"\?/],
  ['a link of a part\'s page to no heading', inPart('[x](../06-echo.md#send-it-bakc)'), /^lessons\/parts\/3-tls\.md:7: lessons\/06-echo\.md has no "#send-it-bakc"\. Did you mean "send-it-back"\?/],
  ['a link to no heading of a part\'s page', book => {
    inPart('## Seal it\n\nText.')(book)
    book.edit(ECHO, '## Send it back\n', '## Send it back\n\n[x](parts/3-tls.md#seal)\n')
  }, /^lessons\/06-echo\.md:\d+: lessons\/parts\/3-tls\.md has no "#seal"\. Known are: seal-it\.$/],
  ['a link to a part that nobody has written', book => {
    writePart(book)
    book.edit(ECHO, '## Send it back\n', '## Send it back\n\n[x](parts/3-tls.md)\n')
  }, /^lessons\/06-echo\.md:\d+: lessons\/parts\/3-tls\.md has no text yet, and so no page\. Write it, or link to a lesson\.$/],
  ['a file that is gone without a word', ({ edit }) => edit('lessons/04-the-accept-loop.md', 'leaves: [busy.ts]\n', ''), /busy\.ts was in the lesson before and is not in code\/04-the-accept-loop\//],
]

test.each(CASES)('%s stops with file, line and remedy', (_, breakIt, message) => {
  const book = copyOfBook()
  breakIt(book)
  let said = ''
  try {
    readWorkbook(book.root)
  } catch (error) {
    said = String(error)
  }
  expect(said).toMatch(message)
})

test('the build stops with that line and exit code 1, without a stack trace', async () => {
  const { root, edit } = copyOfBook({ commands: true })
  edit(ECHO, '::: warning Experimental', '::: warnung Experimental')
  const { code, stderr } = await workbook(['build'], { root })
  expect(code).toBe(1)
  expect(stderr).toMatch(/^lessons\/06-echo\.md:\d+: there is no box "warnung"\..*\n$/)
})

test('a lesson that is renamed on disk only is found out', () => {
  const { root } = copyOfBook()
  renameSync(join(root, ECHO), join(root, 'lessons/06-ecco.md'))
  expect(() => readWorkbook(root)).toThrow('no lesson belongs to the folder code/06-echo/')
})
