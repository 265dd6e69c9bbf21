import type { Server } from 'node:http'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, type RunnerTask } from 'vitest'
import { buildSite } from '../../../site/build/build.ts'
import { createSiteServer, listen, type Handler } from '../../../site/server/server.ts'
import { readWorkbook } from '../../../scripts/workbook/book/read.ts'
import { chromiumPath, launchChromium } from './chromium.ts'
import { ROOT } from '../../support/command.ts'
import { filesIn, proofOf } from '../../support/memory.ts'
import { notProved } from '../../support/not-proved.ts'
import { inWhole, WHOLE } from '../../support/whole.ts'
import { CACHE, FIXTURE_BOOK, temporaryFolder } from '../fixture-book.ts'

export const LESSON = 'lessons/02-two-sockets.html'
export const PART = 'parts/1-one-connection.html'
export const PAGES = ['index.html', PART, LESSON, 'code/02-two-sockets.html', 'glossary.html', 'print.html', '404.html']

export interface OpenOptions extends BrowserContextOptions {
  /** Opened as a file instead of from the server. */
  fromDisk?: boolean
  /** Opened from another server, with a slash at the end. */
  from?: string
  /** What it may complain about. */
  expected?: RegExp
}

/** The fixture's site, served, and a browser before it. */
export interface Reader {
  /** Where it is served, with a slash at the end. */
  address: () => string
  /** Where it is on disk, as a browser calls it, with a slash at the end. */
  disk: () => string
  /** Opens a page and hands it over; whatever it complains about in its console fails the test. */
  open: (path: string, options: OpenOptions, use: (page: Page) => Promise<void>) => Promise<void>
}

/**
 * Tests in a real browser. Where there is none they are skipped and the last lines of `npm test` say
 * so; with CI=true a missing browser is a failure.
 */
export function describeInBrowser(name: string, tests: (reader: Reader) => void): void {
  const missing = chromiumPath() === undefined
  if (missing && WHOLE) notProved(`${name}: there is no Chromium here`)
  const ingredients = ['site', 'tests/site', 'tests/fixtures'].flatMap(folder => filesIn(join(ROOT, folder), ['dist']))
  const proof = proofOf(name, [String(chromiumPath()), ...ingredients])
  const left = !inWhole('the site in a browser')
  describe.skipIf(left || missing || proof.known)(name, { timeout: 60_000 }, () => {
    let out = ''
    let address = ''
    let server: Server | undefined
    let browser: Browser | undefined
    beforeAll(async () => {
      out = temporaryFolder()
      await buildSite(readWorkbook(FIXTURE_BOOK), { out, cacheFolder: CACHE })
      // A server that keeps no progress: each test has its browser's own.
      server = createSiteServer(out, [], noProgress)
      address = `${await listen(server, 0, 'npm start')}/`
      browser = await launchChromium()
    }, 60_000)
    afterAll(async ({}, suite) => {
      await browser?.close()
      server?.close()
      if (hasPassed(suite)) proof.hold()
    })
    const disk = () => `${pathToFileURL(out)}/`
    tests({
      address: () => address,
      disk,
      open: (path, { fromDisk, from = address, expected, ...options }, use) =>
        open(browser!, (fromDisk ? disk() : from) + path, options, use, expected),
    })
  })
}

/** Whether all of it was run, and held. */
function hasPassed(task: RunnerTask): boolean {
  return task.type === 'suite' ? task.tasks.every(hasPassed) : task.result?.state === 'pass'
}

/** Said without a word in the browser's console, unlike a 404. */
const noProgress: Handler = (request, response) => {
  if (request.url !== '/progress.json') return false
  response.writeHead(204).end()
  return true
}

async function open(
  browser: Browser, url: string, options: BrowserContextOptions, use: (page: Page) => Promise<void>, expected?: RegExp,
) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
  const complaints: string[] = []
  try {
    const page = await context.newPage()
    page.on('console', message => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()))
    page.on('pageerror', error => complaints.push(error.message))
    page.on('requestfailed', request => {
      // Going on to the next page while an icon is still on its way is no failure of the site.
      const why = request.failure()?.errorText
      if (why !== 'net::ERR_ABORTED') complaints.push(`${why}: ${request.url()}`)
    })
    await page.goto(url)
    await use(page)
    expect(complaints.filter(complaint => !expected?.test(complaint))).toEqual([])
  } finally {
    await context.close()
  }
}

/** What axe finds. Colours in code are proved by arithmetic (contrast.test.ts); here they would take seconds a page. */
export async function violations(page: Page, rules?: string[]): Promise<string[]> {
  const axe = new AxeBuilder({ page }).setLegacyMode().exclude('pre')
  const { violations } = await (rules ? axe.withRules(rules) : axe).analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.html).join(' ')}`)
}
