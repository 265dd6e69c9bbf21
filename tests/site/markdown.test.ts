import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parseExperiment } from '../../scripts/workbook/experiment/parse.ts'
import { parseFenceInfo, type Fence } from '../../scripts/workbook/book/fence.ts'
import { createParser, parseBody } from '../../scripts/workbook/book/markdown.ts'
import { readWorkbook, type Lesson } from '../../scripts/workbook/book/read.ts'
import { lessonPage } from '../../site/address.ts'
import { readFigures } from '../../site/markdown/read-figures.ts'
import { createHighlighter } from '../../site/highlight/highlighter.ts'
import { blocksOf } from '../../site/build/ingredients.ts'
import { createRenderer } from '../../site/markdown/renderer.ts'
import { typeset } from '../../site/markdown/typeset.ts'
import type { RenderEnv, Site } from '../../site/site.ts'
import { CACHE, FIXTURE_BOOK } from './fixture-book.ts'

const FOLDER = fileURLToPath(new URL('../fixtures/site-markdown', import.meta.url))
const workbook = readWorkbook(FIXTURE_BOOK)
const [, lesson] = workbook.lessons as [Lesson, Lesson, Lesson]
const renderer = createRenderer()

/** A lesson that holds `body` and nothing else, in the place of the fixture's second. */
function lessonWith(body: string): Lesson {
  const tokens = parseBody(createParser(), body, lesson.file, 1)
  for (const token of tokens) {
    if (token.type !== 'fence') continue
    const info = parseFenceInfo(token.info, lesson.file, 1)
    const fence = info.kind === 'experiment'
      ? { kind: 'experiment', experiment: parseExperiment(info.rest, token.content, lesson.file, 1) }
      : info
    token.meta = { fence: fence as Fence }
  }
  return { ...lesson, body, tokens }
}

async function render(tested: Lesson, env: Partial<RenderEnv> = {}): Promise<string> {
  const book = { ...workbook, lessons: [tested], texts: [tested] }
  const highlighter = await createHighlighter(blocksOf(book), CACHE)
  const site = { workbook, highlighter, figures: readFigures(FIXTURE_BOOK) } as Site
  return renderer.blocks(tested.tokens, { site, text: tested, page: lessonPage(lesson), prefix: '', lower: 0, ...env })
}

describe('each rule, in a file of its own', () => {
  test.each(readdirSync(FOLDER).filter(name => name.endsWith('.md')))('%s', async name => {
    const rendered = await render(lessonWith(readFileSync(join(FOLDER, name), 'utf8')))
    await expect(rendered).toMatchFileSnapshot(join(FOLDER, name.replace(/md$/, 'html')))
  })

  test('a snippet: new, faded, removed, left out, shifted', async () => {
    const tokens = lesson.tokens.filter(token => (token.meta as { fence?: Fence } | null)?.fence?.kind === 'snippet')
    await expect(await render({ ...lesson, tokens })).toMatchFileSnapshot(join(FOLDER, 'snippet.html'))
  })
})

test('a summary has the quotes of the text', () => {
  expect(typeset('The reader\'s pace, \'and\' the "end" <of> it_s')).toBe('The reader’s pace, ‘and’ the “end” <of> it_s')
})

describe('on the page of the whole book', () => {
  const book = { page: 'print.html', prefix: '02-two-sockets-', lower: 1 }

  test('ids are told apart and links stay on the page', async () => {
    const rendered = await render(lessonWith('## Here\n\n[there](01-first-words.md#two-names-for-two-facts), [it](01-first-words.md), [here](#here)\n'), book)
    expect(rendered).toContain('<h3 id="02-two-sockets-here">')
    expect(rendered).toContain('<a href="#01-first-words-two-names-for-two-facts">')
    expect(rendered).toContain('<a href="#01-first-words">')
    expect(rendered).toContain('<a href="#02-two-sockets-here">')
  })
})

describe('what the workbook let through and the site cannot show stops the build', () => {
  test.each([
    ['a fence without meaning', (tested: Lesson) => void (tested.tokens.find(token => token.type === 'fence')!.meta = null), 'cannot show this fence'],
    ['an unknown token', (tested: Lesson) => void (tested.tokens[0]!.type = 'marquee_open'), 'no rule for "marquee_open"'],
    ['raw HTML', (tested: Lesson) => void (tested.tokens[0]!.type = 'html_block'), 'no rule for "html_block"'],
  ])('%s', async (_name, spoil, message) => {
    const tested = lessonWith('Text.\n\n```sh\nls\n```\n')
    spoil(tested)
    await expect(render(tested)).rejects.toThrow(message)
  })

  test.each([
    ['[x](../README.md)', 'the site has no page for README.md'],
    ['[x](../code/02-two-sockets/)', 'the site has no page for code/02-two-sockets/'],
    ['![x](figures/handshak.svg)', 'Did you mean "handshake.svg"?'],
    ['![](figures/handshake.svg)', 'has no alternative text'],
    ['::: checkpoint\n- a list\n:::', 'asks nothing'],
    ['::: checkpoint\nOnly this.\n:::', 'asks nothing'],
    ['::: checkpoint Why?\n:::', 'is empty'],
  ])('%s', async (body, message) => {
    await expect(render(lessonWith(body))).rejects.toThrow(expect.objectContaining({ name: 'Problem' }))
    await render(lessonWith(body)).catch(error => expect(String(error)).toContain(message))
  })
})
