import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { currentDependencies, fingerprint, type Dependencies } from '../../site/highlight/fingerprint.ts'
import { createHighlighter, type Block } from '../../site/highlight/highlighter.ts'
import { temporaryFolder } from './fixture-book.ts'

const ts: Block = { code: 'const a = 1', language: 'typescript' }
const sh: Block = { code: 'const a = 1', language: 'shellscript' }
const now = currentDependencies()

async function highlightAll(folder: string, blocks: Block[], dependencies?: Dependencies) {
  const highlighter = await createHighlighter(blocks, folder, dependencies)
  for (const block of blocks) highlighter.lines(block)
  highlighter.save()
  return highlighter
}

const freshAfter = async (folder: string, blocks: Block[], dependencies?: Dependencies) =>
  (await highlightAll(folder, blocks, dependencies)).fresh()

describe('a block that was highlighted once', () => {
  test('is not highlighted again', async () => {
    const folder = temporaryFolder()
    const first = await highlightAll(folder, [ts, sh, ts])
    const second = await highlightAll(folder, [ts, sh])
    expect([first.fresh(), second.fresh()]).toEqual([2, 0])
    expect(second.lines(ts)).toEqual(first.lines(ts))
    expect(second.lines(ts)).not.toEqual(second.lines(sh))
  })

  test.each<[string, Block[], Dependencies]>([
    ['its code', [{ ...ts, code: 'const a = 2' }], now],
    ['its language', [sh], now],
    ['the highlighter', [ts], { ...now, shiki: '4.6.1' }],
    ['the grammars', [ts], { ...now, grammars: '4.6.1' }],
    ['a source of ours', [ts], { ...now, sources: now.sources.map((text, index) => index === 0 ? `${text} ` : text) }],
    ['the number of our sources', [ts], { ...now, sources: [...now.sources, ''] }],
  ])('is highlighted again when %s changes', async (_what, blocks, dependencies) => {
    const folder = temporaryFolder()
    expect(await freshAfter(folder, [ts])).toBe(1)
    expect(await freshAfter(folder, blocks, dependencies)).toBe(1)
  })

  test('is forgotten when a build no longer has it', async () => {
    const folder = temporaryFolder()
    await freshAfter(folder, [ts, sh])
    await freshAfter(folder, [ts])
    expect(await freshAfter(folder, [ts, sh])).toBe(1)
  })

  test('is made anew from a cache that is broken', async () => {
    const folder = temporaryFolder()
    await freshAfter(folder, [ts])
    for (const name of readdirSync(folder)) writeFileSync(join(folder, name), '[["')
    expect(await freshAfter(folder, [ts])).toBe(1)
    expect(await freshAfter(folder, [ts])).toBe(0)
  })
})

test('what a block depends on is known: the theme, the languages and the renderer are sources of ours', () => {
  expect(now.shiki).toMatch(/^\d+\.\d+\.\d+$/)
  for (const sign of ['export const THEME', 'export const GRAMMARS', 'function lineToHtml']) {
    expect(now.sources.filter(source => source.includes(sign))).toHaveLength(1)
  }
  expect(fingerprint({ shiki: '1', grammars: '23', sources: [] })).not.toBe(fingerprint({ shiki: '12', grammars: '3', sources: [] }))
})

test('a block that was not announced is an error, not a plain block', async () => {
  const highlighter = await createHighlighter([ts], undefined)
  expect(() => highlighter.lines(sh)).toThrow('was not announced')
})
