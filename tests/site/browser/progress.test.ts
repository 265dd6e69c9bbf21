import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { expect, onTestFinished, test, vi } from 'vitest'
import { main } from '../../../scripts/progress.ts'
import { createProgressKeeper } from '../../../site/server/progress.ts'
import { createSiteServer, listen } from '../../../site/server/server.ts'
import { describeInBrowser, LESSON, violations } from './browser.ts'
import { copyOfBook } from '../fixture-book.ts'

const OLD = '2026-01-02T03:04:05.000Z'
const KEPT = 'localStorage.getItem("port-12345-progress")'

describeInBrowser('progress, in a browser', ({ open, disk }) => {
  /** The site with the progress of a reader, who may have some already. */
  async function serve(done?: Record<string, string>, current?: string) {
    const root = copyOfBook()
    const file = join(root, 'workspace/progress.json')
    mkdirSync(join(root, 'workspace'))
    if (done) writeFileSync(file, JSON.stringify({ version: 1, current, done }))
    const server = createSiteServer(fileURLToPath(disk()).replace(/[\\/]$/, ''), [], createProgressKeeper(root))
    const from = `${await listen(server, 0, 'npm start')}/`
    const stop = () => {
      server.close()
      server.closeAllConnections()
    }
    onTestFinished(stop)
    const doneInFile = () => existsSync(file)
      ? Object.keys((JSON.parse(readFileSync(file, 'utf8')) as { done: object }).done)
      : []
    return { root, from, file, stop, doneInFile }
  }

  const ticked = (page: Page) => page.locator('li[data-is-done]').evaluateAll(items => items.map(item => item.getAttribute('data-lesson')))
  const mark = (page: Page, lesson: number) => page.getByRole('button', { name: `Mark lesson ${lesson} as done` })

  async function save(page: Page): Promise<string> {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save it as a file' }).press('Enter')])
    return readFileSync(await download.path(), 'utf8')
  }

  async function add(page: Page, text: string): Promise<void> {
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'), page.getByRole('button', { name: 'Add progress from a file' }).press('Enter'),
    ])
    await chooser.setFiles({ name: 'progress.json', mimeType: 'application/json', buffer: Buffer.from(text) })
  }

  test('what the workspace has is ticked, and marking a lesson writes there', async () => {
    const { from, doneInFile } = await serve({ 'first-words': OLD })
    await open(LESSON, { from }, async page => {
      await expect.poll(() => ticked(page), { timeout: 10_000 }).toEqual(['first-words'])
      await mark(page, 2).click()
      await expect.poll(doneInFile, { timeout: 10_000 }).toEqual(['first-words', 'two-sockets'])
      expect(await ticked(page)).toEqual(['first-words', 'two-sockets'])
      expect(await page.evaluate(KEPT)).toBe(null)
      await mark(page, 2).press('Enter')
      await expect.poll(doneInFile, { timeout: 10_000 }).toEqual(['first-words'])
      expect(await mark(page, 2).getAttribute('aria-pressed')).toBe('false')
    })
  })

  test('the lesson that the reader is on is named so, until they go on', async () => {
    const { from, file } = await serve({ 'first-words': OLD }, 'two-sockets')
    const here = (page: Page, part: string) => page.locator(part).getByRole('link', { name: /you are here/ })
    await open('index.html', { from }, async page => {
      await expect.poll(() => here(page, '.lessons').allTextContents(), { timeout: 10_000 }).toEqual([expect.stringContaining('The kitchen sink')])
      expect(await violations(page)).toEqual([])
      writeFileSync(file, JSON.stringify({ version: 1, current: 'first-words', done: { 'first-words': OLD } }))
      await page.goto(from + LESSON)
      await expect.poll(() => here(page, '.course').allTextContents(), { timeout: 10_000 })
        .toEqual([expect.stringContaining('A name and a number')])
      expect(await ticked(page)).toEqual(['first-words'])
      expect(await violations(page)).toEqual([])
    })
    await open('index.html', {}, async page => {
      await page.waitForLoadState('networkidle')
      expect(await here(page, '.lessons').count()).toBe(0)
    })
  })

  test('what this browser kept is added to the file, once', async () => {
    const { from, file, doneInFile } = await serve({ 'first-words': OLD })
    await open('404.html', { from }, async page => {
      await page.evaluate(`localStorage.setItem("port-12345-progress", '{"version":1,"done":{"echo":"${OLD}"}}')`)
      await page.goto(`${from}index.html`)
      await expect.poll(() => ticked(page), { timeout: 10_000 }).toEqual(['first-words', 'echo'])
      expect(doneInFile()).toEqual(['echo', 'first-words'])
      writeFileSync(file, JSON.stringify({ version: 1, done: {} }))
      await page.reload()
      await page.waitForLoadState('networkidle')
      expect([await ticked(page), doneInFile()]).toEqual([[], []])
    })
  })

  test('without its server a page keeps what is done until the server has it', async () => {
    const { from, stop } = await serve()
    await open(LESSON, { from, expected: /ERR_CONNECTION_REFUSED/ }, async page => {
      await page.waitForLoadState('networkidle')
      stop()
      await mark(page, 2).click()
      await page.getByText('The server does not answer: start it again. Until then this browser keeps it.').first().waitFor()
      expect(await page.evaluate(KEPT)).toContain('two-sockets')
      expect(await mark(page, 2).getAttribute('aria-pressed')).toBe('true')
    })
  })

  test('a file goes from the page to the command line and back', async () => {
    vi.spyOn(console, 'log').mockReturnValue()
    onTestFinished(() => void vi.restoreAllMocks())
    const { root, from, doneInFile } = await serve({ 'first-words': OLD })
    const [here, there] = [join(root, 'here.json'), join(root, 'there.json')]
    let saved = ''
    await open('index.html', {}, async page => {
      await add(page, JSON.stringify({ version: 1, done: { echo: OLD, elsewhere: OLD } }))
      await page.getByText('1 more lesson is done now.').first().waitFor()
      expect(await ticked(page)).toEqual(['echo'])
      saved = await save(page)
      await add(page, '[')
      await page.getByText('That file is not JSON.').first().waitFor()
      expect(await ticked(page)).toEqual(['echo'])
      expect(await violations(page)).toEqual([])
    })
    writeFileSync(there, saved)
    await main(['--import', there], { root })
    expect(doneInFile().sort()).toEqual(['echo', 'elsewhere', 'first-words'])
    await main(['--export', here], { root })
    await open('index.html', { from, expected: /400/ }, async page => {
      await expect.poll(() => ticked(page), { timeout: 10_000 }).toEqual(['first-words', 'echo'])
      expect(await save(page)).toBe(readFileSync(here, 'utf8'))
      await add(page, '{ "version": 1, "done": { "two-sockets": "today", } }')
      await page.getByText('1 more lesson is done now.').first().waitFor()
      expect(doneInFile().sort()).toEqual(['echo', 'elsewhere', 'first-words', 'two-sockets'])
      await add(page, '{ "version": 1, "done": { "elsewhere": "today" } }')
      await page.getByText('Nothing new: no lesson in that file was still to be done here.').first().waitFor()
      await add(page, '[')
      await page.getByText('That file cannot be added: it is not JSON.').first().waitFor()
    })
  })
})
