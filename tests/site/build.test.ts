import { appendFileSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { buildSite } from '../../site/build/build.ts'
import { forgetAll } from '../../site/build/memory.ts'
import { readWorkbook } from '../../scripts/workbook/book/read.ts'
import { CACHE, copyOfBook, FIXTURE_BOOK, temporaryFolder } from './fixture-book.ts'

const build = (root: string, out: string) => buildSite(readWorkbook(root), { out, cacheFolder: CACHE, search: false })
const list = (folder: string) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(path => statSync(join(folder, path)).isFile()).sort()

describe('a build', () => {
  test('makes every page, download and asset', async () => {
    const out = temporaryFolder()
    await build(FIXTURE_BOOK, out)
    expect(list(out).map(path => path.replace(/-[0-9a-f]{10}\./, '-HASH.')).sort()).toEqual([
      '404.html',
      'assets/fonts-HASH.css', 'assets/icon-HASH.svg', 'assets/site-HASH.css', 'assets/site-HASH.js',
      'code/01-first-words.html', 'code/01-first-words.zip', 'code/01-first-words/server.ts',
      'code/02-two-sockets.html', 'code/02-two-sockets.zip', 'code/02-two-sockets/notes.json', 'code/02-two-sockets/server.ts',
      'code/06-echo.html', 'code/06-echo.zip', 'code/06-echo/server.ts',
      'glossary.html', 'index.html',
      'lessons/01-first-words.html', 'lessons/02-two-sockets.html', 'lessons/06-echo.html',
      'parts/1-one-connection.html',
      'print.html',
    ])
  })

  test('gives the same bytes for the same book', async () => {
    const [one, two] = [temporaryFolder(), temporaryFolder()]
    await build(FIXTURE_BOOK, one)
    forgetAll()
    await buildSite(readWorkbook(copyOfBook()), { out: two, search: false })
    expect(list(one)).toEqual(list(two))
    const differs = (path: string) => !readFileSync(join(one, path)).equals(readFileSync(join(two, path)))
    expect(list(one).filter(differs)).toEqual([])
  })

  test('writes only what changed', async () => {
    const [root, out] = [copyOfBook(), temporaryFolder()]
    await build(root, out)
    expect(await build(root, out)).toMatchObject({ written: [], removed: [], highlighted: 0 })
    appendFileSync(join(root, 'lessons/06-echo.md'), '\nOne more sentence.\n')
    expect((await build(root, out)).written).toEqual(['lessons/06-echo.html', 'print.html'])
  })

  test('writes again what was changed or removed behind its back', async () => {
    const [root, out] = [copyOfBook(), temporaryFolder()]
    await build(root, out)
    writeFileSync(join(out, 'index.html'), 'spoilt')
    rmSync(join(out, 'glossary.html'))
    expect((await build(root, out)).written).toEqual(['index.html', 'glossary.html'])
  })

  test('removes what is no longer in the book, and leaves the search alone', async () => {
    const [root, out] = [copyOfBook(), temporaryFolder()]
    await build(root, out)
    cpSync(join(root, 'lessons'), join(out, 'pagefind'), { recursive: true })
    rmSync(join(root, 'lessons/06-echo.md'))
    rmSync(join(root, 'code/06-echo'), { recursive: true })
    expect((await build(root, out)).removed.sort()).toEqual([
      'code/06-echo.html', 'code/06-echo.zip', 'code/06-echo/server.ts', 'lessons/06-echo.html',
    ])
    expect(list(out).filter(path => path.includes('06-echo') && !path.startsWith('pagefind/'))).toEqual([])
    expect(existsSync(join(out, 'pagefind/figures'))).toBe(true)
  })
})

describe('the search index', () => {
  const withSearch = (root: string, out: string) => buildSite(readWorkbook(root), { out, cacheFolder: CACHE })
  const mark = (out: string) => readFileSync(join(out, 'pagefind/made-from.txt'), 'utf8')

  test('is made again when what is searched changes, and only then', async () => {
    const [root, out] = [copyOfBook(), temporaryFolder()]
    await withSearch(root, out)
    const first = statSync(join(out, 'pagefind/made-from.txt')).mtimeMs
    const before = mark(out)
    await withSearch(root, out)
    expect(statSync(join(out, 'pagefind/made-from.txt')).mtimeMs).toBe(first)
    appendFileSync(join(root, 'lessons/06-echo.md'), '\nA word nobody wrote before: quahog.\n')
    await withSearch(root, out)
    expect(mark(out)).not.toBe(before)
  })
})
