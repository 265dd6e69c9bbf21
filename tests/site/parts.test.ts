import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { readWorkbook, type Workbook } from '../../scripts/workbook/book/read.ts'
import { charactersOf } from '../../site/assets/fonts.ts'
import { buildSite } from '../../site/build/build.ts'
import { textsOf } from '../../site/build/ingredients.ts'
import { CACHE, copyOfBook, temporaryFolder } from './fixture-book.ts'

const PAGE = 'parts/1-one-connection.html'
const FIRST = 'lessons/01-first-words.html'
const SOURCE = 'lessons/parts/1-one-connection.md'

/** The page of a part that nobody has written, and of one that has a text. */
const page = (title: string, text = '') => `---\ntitle: ${title}\nsummary: What becomes of it.\n---\n${text && `\n${text}\n`}`

/** Adds lesson 8 to a copy of the book, with which its second part begins. */
function addSecondPart(root: string, text = ''): void {
  cpSync(join(root, 'code/06-echo'), join(root, 'code/08-two-at-once'), { recursive: true })
  writeFileSync(join(root, 'lessons/08-two-at-once.md'), [
    '---', 'id: two-at-once', 'title: Two at once', 'part: Many connections', 'summary: More than one at a time.', 'minutes: 15', '---', '', 'Nothing new.', '',
  ].join('\n'))
  writeFileSync(join(root, 'lessons/parts/2-many-connections.md'), page('Many connections', text))
}

async function build(root: string) {
  const out = temporaryFolder()
  await buildSite(readWorkbook(root), { out, cacheFolder: CACHE, search: false })
  return {
    has: (path: string) => existsSync(join(out, path)),
    read: (path: string) => readFileSync(join(out, path), 'utf8'),
  }
}

type Built = Awaited<ReturnType<typeof build>>

const pagerOf = (text: string) => [.../<nav class="pager"[^]*?<\/nav>/.exec(text)?.[0]
  .matchAll(/<a rel="(\w+)" href="([^"]+)">.*?<span class="name">([^<]+)</g) ?? []].map(([, ...found]) => found.join(' '))

const sideOf = (text: string) => /<nav id="course"[^]*?<\/nav>/.exec(text)?.[0] ?? ''

describe('a part with a text, between two that have lessons', () => {
  let site: Built
  let workbook: Workbook
  beforeAll(async () => {
    const root = copyOfBook()
    addSecondPart(root, 'It was **foreseen** in [part I](1-one-connection.md#before-you-begin), and [lesson 8](../08-two-at-once.md) has it.\n\n## One heading\n\nA word: ñandú.')
    site = await build(root)
    workbook = readWorkbook(root)
  })

  test('has a page that is called by its number and says what it is about', () => {
    const text = site.read('parts/2-many-connections.html')
    expect(text).toContain('<title>Part II: Many connections · Port 12345</title>')
    expect(text).toContain('<h1>Part II: Many connections</h1>\n<p class="summary">What becomes of it.</p>')
    expect(text).toContain('<a href="1-one-connection.html#before-you-begin">part I</a>')
    expect(text).toContain('<a href="../lessons/08-two-at-once.html">lesson 8</a>')
    expect(text.match(/<li class="level\d"><a href="#[^"]+">/g)).toEqual([
      '<li class="level2"><a href="#one-heading">', '<li class="level2"><a href="#the-lessons-of-this-part">',
    ])
  })

  test('lists its lessons and how long each takes', () => {
    const list = /<section class="agenda"[^]*?<\/section>/.exec(site.read(PAGE))?.[0] ?? ''
    expect([...list.matchAll(/data-lesson="([^"]+)".*?class="minutes">(\d+) minutes</g)].map(([, id, minutes]) => `${id} ${minutes}`))
      .toEqual(['first-words 10', 'two-sockets 25', 'echo 20'])
    expect(site.read(PAGE)).toContain('<li>3 lessons</li><li>55 minutes</li>')
    expect(site.read('parts/2-many-connections.html')).toContain('<li>1 lesson</li><li>15 minutes</li>')
  })

  test('stands between the last lesson before it and its own first', () => {
    expect(pagerOf(site.read(PAGE))).toEqual(['next ../lessons/01-first-words.html 1. A name and a number'])
    expect(pagerOf(site.read(FIRST))[0]).toBe('prev ../parts/1-one-connection.html Part I: One connection')
    expect(pagerOf(site.read('lessons/06-echo.html'))[1]).toBe('next ../parts/2-many-connections.html Part II: Many connections')
    expect(pagerOf(site.read('parts/2-many-connections.html'))).toEqual(['prev ../lessons/06-echo.html 6. Echo', 'next ../lessons/08-two-at-once.html 8. Two at once'])
    expect(pagerOf(site.read('lessons/08-two-at-once.html'))).toEqual(['prev ../parts/2-many-connections.html Part II: Many connections'])
  })

  test('is reached from the course, the cover and its lessons, and marked in the course where one is', () => {
    expect(sideOf(site.read(FIRST))).toContain('<h2 class="part"><a href="../parts/1-one-connection.html"><span class="roman">I</span> One connection</a></h2>')
    expect(sideOf(site.read(PAGE)).match(/<a [^>]*aria-current="[^"]*"/g)).toEqual(['<a href="1-one-connection.html" aria-current="page"'])
    expect(site.read('index.html')).toContain('<span class="roman">II</span> <a href="parts/2-many-connections.html">Many connections</a></h3>')
    expect(site.read(FIRST)).toContain('<p class="where"><span><a href="../parts/1-one-connection.html">Part I, One connection</a></span>')
  })

  test('is a chapter of the whole book before its first lesson, with links that stay there', () => {
    const book = site.read('print.html')
    expect([...book.matchAll(/<article class="chapter" id="([^"]+)">/g)].map(([, id]) => id))
      .toEqual(['part-1-one-connection', '01-first-words', '02-two-sockets', '06-echo', 'part-2-many-connections', '08-two-at-once'])
    expect(book).toContain('<h2 class="h1">Part II: Many connections</h2>')
    expect(book).toContain('<a href="#part-1-one-connection-before-you-begin">part I</a>')
    expect(book).toContain('<h2><a href="#part-2-many-connections">Part II, Many connections</a></h2>')
    expect(book).toContain('<p class="where"><span><a href="#part-2-many-connections">Part II, Many connections</a></span>')
  })

  test('defines terms, and is where the glossary leads', () => {
    expect(site.read('glossary.html')).toContain('<dt id="term-foreseen">foreseen</dt>')
    expect(site.read('glossary.html')).toContain('<a href="parts/2-many-connections.html#term-foreseen">Part II: Many connections</a>')
    expect(site.read('parts/2-many-connections.html')).toContain('<dfn id="term-foreseen">')
  })

  test('has the characters of its text in the fonts', () => {
    expect(charactersOf(textsOf(workbook))).toContain('ñ')
  })

  test('is searched, as a part and among the lessons', () => {
    expect(site.read(PAGE).match(/ data-pagefind-filter="[^"]*"/g)).toEqual([' data-pagefind-filter="kind:Part"', ' data-pagefind-filter="kind:Lesson"'])
  })
})

describe('a part without a text', () => {
  test('has no page, and nothing leads to one', async () => {
    const root = copyOfBook()
    addSecondPart(root)
    const { has, read } = await build(root)
    expect(has('parts/2-many-connections.html')).toBe(false)
    for (const path of ['index.html', 'print.html', 'lessons/06-echo.html', 'lessons/08-two-at-once.html', 'code/08-two-at-once.html']) {
      expect(read(path), path).not.toContain('2-many-connections')
    }
    expect(read('index.html')).toContain('<span class="roman">II</span> Many connections</h3>')
    expect(sideOf(read('lessons/08-two-at-once.html'))).toContain('<h2 class="part"><span class="roman">II</span> Many connections</h2>')
    expect(pagerOf(read('lessons/06-echo.html'))[1]).toBe('next 08-two-at-once.html 8. Two at once')
  })
})

test('a part that is written before its lessons is the last page of the book, and says so', async () => {
  const root = copyOfBook()
  mkdirSync(join(root, 'lessons/parts'), { recursive: true })
  writeFileSync(join(root, 'lessons/parts/2-many-connections.md'), page('Many connections', 'Soon.'))
  const { read } = await build(root)
  const text = read('parts/2-many-connections.html')
  expect(text).toContain('<p>Lessons 8 to 15, to come</p>')
  expect(pagerOf(text)).toEqual(['prev ../lessons/06-echo.html 6. Echo'])
  expect(sideOf(text)).toContain('href="2-many-connections.html"')
})

describe('a build after', () => {
  const rebuilt = async (change: (root: string) => void) => {
    const [root, out] = [copyOfBook(), temporaryFolder()]
    const again = () => buildSite(readWorkbook(root), { out, cacheFolder: CACHE, search: false })
    await again()
    change(root)
    return await again()
  }

  test('a part\'s text has changed writes its page and the whole book, and nothing else', async () => {
    const { written } = await rebuilt(root => appendFileSync(join(root, SOURCE), '\nOne more sentence.\n'))
    expect(written).toEqual([PAGE, 'print.html'])
  })

  test('it is gone removes its page', async () => {
    const { removed } = await rebuilt(root => {
      writeFileSync(join(root, SOURCE), page('One connection'))
      const lesson = join(root, 'lessons/02-two-sockets.md')
      writeFileSync(lesson, readFileSync(lesson, 'utf8').replace(/\(parts\/[^)]*\)/, '(#the-whole-thing)'))
    })
    expect(removed).toEqual([PAGE])
  })
})
