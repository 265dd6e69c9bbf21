import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { readWorkbook } from '../../scripts/workbook/book/read.ts'
import { triedIn } from '../../scripts/build.ts'
import { buildSite } from '../../site/build/build.ts'
import type { Tried } from '../../site/site.ts'
import { CONTENT } from '../lessons/index.ts'
import { room } from '../support/rooms.ts'
import { CACHE, FIXTURE_BOOK, temporaryFolder } from './fixture-book.ts'

const tried = new Map<number, Tried>([
  [1, { own: ['it begins', 'it waits'], earlier: 0 }],
  [2, { own: ['it prints Received: \'<b>\\n\''], earlier: 2 }],
  [6, { own: [], earlier: 2 }],
])

describe('what the checker tries', () => {
  let out = ''
  const read = (path: string) => readFileSync(join(out, path), 'utf8')
  const section = (path: string) => /<section class="text checker"[\s\S]*?<\/section>/.exec(read(path))?.[0] ?? ''
  const items = (text: string) => [...text.matchAll(/<li>(.*)<\/li>/g)].map(found => found[1])
  beforeAll(async () => {
    out = temporaryFolder()
    await buildSite(readWorkbook(FIXTURE_BOOK), { out, cacheFolder: CACHE, search: false, tried })
  })

  test('is what begins in the lesson, and the number of what still holds', () => {
    const second = section('lessons/02-two-sockets.html')
    expect(items(second)).toEqual(['it prints Received: \'&lt;b&gt;\\n\''])
    expect(second).toContain('<code>npm run check 2</code>')
    expect(second).toContain('… and the 2 of earlier lessons that still hold.')
    expect(items(section('lessons/01-first-words.html'))).toEqual(['it begins', 'it waits'])
    expect(section('lessons/01-first-words.html')).not.toContain('earlier')
  })

  test('is told too where nothing new begins, without what no longer holds', () => {
    expect(items(section('lessons/06-echo.html'))).toEqual([])
    expect(section('lessons/06-echo.html')).toContain('the 2 of earlier lessons that still hold')
  })

  test('stands after the text, before the way on, and in the list of headings', () => {
    const page = read('lessons/02-two-sockets.html')
    expect(page).toContain('<a href="#what-the-checker-tries">What the checker tries</a>')
    expect(page.indexOf('<section class="text checker"')).toBeLessThan(page.indexOf('<nav class="pager"'))
    expect(page.indexOf('<section class="text checker"')).toBeGreaterThan(page.indexOf('id="boxes-of-every-kind"'))
  })

  test('stands in every chapter of the whole book', () => {
    const page = read('print.html')
    for (const id of ['01-first-words', '02-two-sockets', '06-echo']) expect(page).toContain(`<h3 id="${id}-what-the-checker-tries">`)
  })
})

test('the book has every behaviour on a page', async () => {
  const out = temporaryFolder()
  const root = join(FIXTURE_BOOK, '../../..')
  const workbook = readWorkbook(root)
  await buildSite(workbook, { out, cacheFolder: join(root, '.cache'), search: false, tried: triedIn(CONTENT) })
  for (const lesson of workbook.lessons) {
    const page = readFileSync(join(out, `lessons/${lesson.folder}.html`), 'utf8')
    const listed = [.../<section class="text checker"[\s\S]*?<\/section>/.exec(page)?.[0].matchAll(/<li>/g) ?? []].length
    expect(listed, lesson.folder).toBe(room(lesson.number).own.length)
  }
})
