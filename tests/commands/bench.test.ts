import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { PARTS } from '../../scripts/bench/all.ts'
import { bookItself, makeCopies } from '../../scripts/bench/support/copies.ts'
import { difference, each, median, quantity, ratio } from '../../scripts/bench/support/figures.ts'
import { interleave } from '../../scripts/bench/support/interleave.ts'
import { readOptions } from '../../scripts/bench/support/options.ts'
import { holds, type Row } from '../../scripts/bench/support/part.ts'
import { renderTable } from '../../scripts/bench/support/table.ts'
import { weighPage } from '../../scripts/bench/support/clients/wire.ts'
import { readWorkbook } from '../../scripts/workbook/book/read.ts'
import { command, folder, ROOT, run } from '../support/command.ts'

const SITE_BOOK = join(ROOT, 'tests/fixtures/site-book')
const ms = (...samples: number[]) => quantity('ms', samples)

// Nothing here looks at a clock: what is proved is that the bench would say the right thing.

describe('the arguments', () => {
  test('without any, everything is measured five times', () => {
    expect(readOptions([], PARTS)).toEqual({ parts: PARTS, runs: 5, json: undefined, strict: false })
  })

  test('choose parts, runs, a file and whether a broken promise is a failure', () => {
    const { parts, ...rest } = readOptions(['--only', 'build', '--runs', '9', '--json', '-', '--strict'], PARTS)
    expect(parts.map(part => part.name)).toEqual(['cold build', 'warm build'])
    expect(rest).toEqual({ runs: 9, json: '-', strict: true })
  })

  test.each([
    [['--only', 'page sise'], 'no part has "page sise" in its name. Did you mean "page size"?'],
    [['--runs', '0'], '--runs takes a number from 1 to 999, not "0"'],
    [['--runs', 'many'], 'not "many"'],
    [['--fast'], 'Unknown option \'--fast\'. Usage: npm run bench'],
    [['build'], 'Usage: npm run bench'],
  ])('%j gets one line', (argv, line) => {
    let found: unknown
    try {
      readOptions(argv, PARTS)
    } catch (error) {
      found = error
    }
    expect(found).toMatchObject({ name: 'Problem', exitCode: 2 })
    expect(String(found)).toContain(line)
  })

  test('every part has a name of its own', () => {
    expect(new Set(PARTS.map(part => part.name)).size).toBe(PARTS.length)
  })
})

describe('the figures', () => {
  test('a median is the one in the middle, or between the two there', () => {
    expect(median([30, 10, 20])).toBe(20)
    expect(median([40, 10, 20, 30])).toBe(25)
    expect(median([7])).toBe(7)
    expect(() => median([])).toThrow(RangeError)
  })

  test('each run is compared with its neighbour, so that a slow moment hits both', () => {
    // The second round ran while the machine was busy: ten times slower, and twice as slow all the same.
    const [a, b] = [ms(20, 200, 20), ms(10, 100, 10)]
    expect(ratio(a, b)).toEqual({ unit: 'ratio', value: 2, samples: [2, 2, 2] })
    expect(difference(a, b)).toEqual({ unit: 'ms', value: 10, samples: [10, 100, 10] })
    expect(() => ratio(a, ms(1))).toThrow('each run needs the one beside it')
  })

  test('a share keeps its samples', () => {
    expect(each(ms(40, 20, 80), 4)).toEqual({ unit: 'ms', value: 10, samples: [10, 5, 20] })
  })

  test('things are done in turn, and the first round does not count', async () => {
    const done: string[] = []
    const job = (name: string) => async () => done.push(name)
    const samples = await interleave({ runs: 1, say: () => {} }, 'test', [job('a'), job('b')], { times: 2 })
    expect(done.join('')).toBe('ababab')
    expect(samples).toEqual([[3, 5], [4, 6]])
  })
})

describe('the table', () => {
  const rows: Row[] = [
    { what: 'kept', measured: ms(1500), yardstick: ms(1000), figure: quantity('ratio', [1.5]), target: { of: 'figure', most: 1.5, promise: '' } },
    { what: 'broken', measured: ms(201), yardstick: ms(5), target: { of: 'measured', most: 200, promise: '' } },
    { what: 'a name that is far too long for its column', measured: quantity('bytes', [69_349]), yardstick: quantity('bytes', [128_606_208]) },
  ]

  test('says of each promise whether it is kept', () => {
    expect(rows.map(holds)).toEqual([true, false, undefined])
  })

  test('fits into 80 columns', () => {
    const note = 'A note that goes on and on until it has to be broken into lines, as no line may be wider than that.'
    const table = renderTable({ name: 'part', headings: ['it', 'yardstick', 'ratio'] }, { rows, notes: [note] })
    expect(table).toBe([
      'part                                         it yardstick    ratio   target',
      '  kept                                   1.50 s    1.00 s     1.50     1.50 ok',
      '  broken                                 201 ms    5.0 ms            200 ms OVER',
      '  a name that is far too long for it…   69.3 kB    129 MB',
      '  A note that goes on and on until it has to be broken into lines, as no line',
      '  may be wider than that.',
    ].join('\n'))
    expect(Math.max(...table.split('\n').map(line => line.length))).toBeLessThanOrEqual(80)
  })
})

describe('copies of the lessons', () => {
  test('are books that hold, as many as wanted', () => {
    const book = bookItself(SITE_BOOK)
    const shelf = makeCopies(SITE_BOOK, book.lessons * 7, folder({}))
    expect(shelf).toMatchObject({ copies: 7, lessons: book.lessons * 7 })
    const books = shelf.roots.map(readWorkbook)
    expect(books.flatMap(({ lessons }) => lessons)).toHaveLength(shelf.lessons)
    for (const { lessons } of books) {
      expect(lessons.map(lesson => lesson.number)).toEqual(lessons.map((_, index) => index + 1))
    }
  })

  test('share no program with one another', () => {
    const { roots } = makeCopies(SITE_BOOK, 9, folder({}))
    const programs = roots.map(readWorkbook).flatMap(({ lessons }) => lessons).flatMap(({ snapshot }) => snapshot.files)
      .filter(file => file.name.endsWith('.ts'))
    expect(new Set(programs.map(file => file.text)).size).toBe(programs.length)
  })
})

describe('the weight of a page', () => {
  const [html, css, script, icon, font] = [
    '<link rel="stylesheet" href="../a/site.css"><link rel="canonical" href="https://example.org/">'
    + '<link rel="icon" href="../a/icon.svg"><script>let a</script><script src="../a/site.js" defer></script>'
    + '<script src="../a/site.js"></script><img src="data:,"><a href="other.html">no part of it</a>',
    '@font-face { src: url("font.woff2") } a { background: url(data:,); fill: url(#x) }',
    'console.log(1)', '<svg/>', randomBytes(64).toString('hex'),
  ]

  test('is that of all that it loads, once each', () => {
    const site = folder({
      'p/page.html': html, 'a/site.css': css, 'a/site.js': script, 'a/icon.svg': icon, 'a/font.woff2': font,
    })
    const { total, script: part, files } = weighPage(site, 'p/page.html')
    expect(files).toEqual(['a/site.css', 'a/font.woff2', 'a/icon.svg', 'a/site.js'])
    const weight = (...texts: string[]) => ({
      gzip: texts.reduce((all, text) => all + gzipSync(text, { level: 9 }).length, 0),
      brotli: texts.reduce((all, text) => all + brotliCompressSync(text).length, 0),
    })
    expect(total).toEqual(weight(html, css, script, icon, font))
    expect(part).toEqual(weight(script, 'let a'))
  })

  test.each(['https://example.org/a.js', '//example.org/a.js', 'gone.js'])('cannot leave out %s', src => {
    const site = folder({ 'page.html': `<script src="${src}"></script>` })
    expect(() => weighPage(site, 'page.html')).toThrow(`page.html loads ${src}, which is not in the site`)
  })
})

test('the command measures one part, as a table and as JSON', async () => {
  const root = folder({})
  const file = join(root, 'found.json')
  const { code, stdout, stderr } = await run(command(['bench', '--only', 'page size', '--strict', '--json', file], SITE_BOOK))
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^ {2}6 Echo +\d+\.\d kB +\d+\.\d kB +100\.0 kB ok$/m)
  expect(stdout).toContain('Every target is kept.')
  const found = JSON.parse(readFileSync(file, 'utf8'))
  expect(found.parts).toHaveLength(1)
  expect(found.parts[0].rows.at(-1)).toMatchObject({
    what: 'JavaScript of a page', measured: { unit: 'bytes' }, target: { of: 'measured', most: 15_000 }, holds: true,
  })
})
