import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { type ConfigData, HtmlValidate } from 'html-validate'
import { beforeAll, describe, expect, test } from 'vitest'
import { buildSite } from '../../site/build/build.ts'
import { readWorkbook } from '../../scripts/workbook/book/read.ts'
import { CACHE, FIXTURE_BOOK, temporaryFolder } from './fixture-book.ts'
import { deadLinks } from './dead-links.ts'
import { remembered } from '../support/memory.ts'

const ROOT = join(FIXTURE_BOOK, '../../..')

const VALID: ConfigData = {
  root: true,
  extends: ['html-validate:recommended', 'html-validate:a11y'],
  rules: {
    // GitHub's way of making anchors, and file names, decide what our ids look like.
    'valid-id': ['error', { relaxed: true }],
    // A > needs no escape in text, and titles of lessons are as long as they are.
    'no-raw-characters': 'off',
    'long-title': 'off',
    // Blanks at the end of a line are part of what a program printed.
    'no-trailing-whitespace': 'off',
    // The browser's own button for a popover is a button; and SVG has no native <figure>.
    'prefer-native-element': 'off',
  },
}

/** The fixture has everything once; the real book is what readers get. */
describe.each([
  ['the fixture', FIXTURE_BOOK, CACHE],
  ['the book', ROOT, join(ROOT, '.cache')],
])('%s', (name, root, cacheFolder) => {
  let out = ''
  const pages = () => readdirSync(out, { recursive: true, encoding: 'utf8' }).filter(path => path.endsWith('.html'))
  const read = (path: string) => readFileSync(join(out, path))

  beforeAll(async () => {
    out = temporaryFolder()
    await buildSite(readWorkbook(root), { out, cacheFolder, search: false })
  })

  test('every link, asset and fragment leads somewhere', () => {
    expect(deadLinks(out)).toEqual([])
  })

  test('is valid HTML', async context => {
    const validator = new HtmlValidate(VALID)
    const found: string[] = []
    for (const path of pages()) {
      const page = String(read(path))
      const results = await remembered(context, `the HTML of ${name}, ${path}`, [page, JSON.stringify(VALID)], async () =>
        (await validator.validateString(page, path)).results)
      found.push(...results.flatMap(({ messages }) => messages)
        .map(({ line, ruleId, message }) => `${path}:${line} ${ruleId}: ${message}`))
    }
    expect(found).toEqual([])
  })

  test('no page brings a style, a script or a handler of its own that a strict policy would stop', () => {
    for (const path of pages()) {
      const page = String(read(path))
      expect(page).not.toMatch(/\sstyle=|<style|\son[a-z]+=|javascript:/)
      expect(page.match(/<script\b[^>]*>/g)).toEqual(['<script>', expect.stringMatching(/^<script src="[^"]*assets\/site-\w+\.js" defer>$/)])
    }
  })

  test('a lesson, or the page of a part, takes at most 100 kB over the wire with all it needs, 15 kB of it script', () => {
    for (const path of pages().filter(path => /^(lessons|parts)\//.test(path))) {
      const page = String(read(path))
      const assets = [...page.matchAll(/(?:href|src)="\.\.\/(assets\/[^"]+)"/g)].map(found => found[1] ?? '')
      expect(assets).toHaveLength(4)
      const size = (file: string) => brotliCompressSync(read(file)).length
      const total = size(path) + assets.reduce((sum, file) => sum + size(file), 0)
      expect(total, path).toBeLessThanOrEqual(100_000)
      expect(size(assets.find(file => file.endsWith('.js')) ?? '')).toBeLessThanOrEqual(15_000)
    }
  })

  test('nothing comes from anywhere else', () => {
    for (const path of readdirSync(out, { recursive: true, encoding: 'utf8' }).filter(path => /\.(html|css)$/.test(path))) {
      expect(String(read(path))).not.toMatch(/(src|srcset|poster)="https?:|<link[^>]+href="https?:|url\("?https?:|@import/)
    }
  })
})
