import { describe, expect, test } from 'vitest'
import { describeInBrowser, LESSON, PAGES, PART, violations } from './browser.ts'

describeInBrowser('the site, read in a browser', ({ open, disk }) => {
  test.each(PAGES)('axe finds nothing on %s, light or dark', async path => {
    await open(path, { colorScheme: 'light' }, async page => {
      expect(await violations(page)).toEqual([])
      // In the dark the page is the same but for its colours.
      await page.emulateMedia({ colorScheme: 'dark' })
      expect(await violations(page, ['color-contrast'])).toEqual([])
    })
  })

  test('axe finds nothing in the open search, the open course and an experiment that is played', async () => {
    await open(LESSON, {}, async page => {
      await page.getByRole('button', { name: 'Step', exact: true }).first().click()
      expect(await violations(page)).toEqual([])
      await page.keyboard.press('/')
      await page.keyboard.type('socket')
      await page.locator('.results li').first().waitFor()
      expect(await violations(page)).toEqual([])
    })
    await open(LESSON, { viewport: { width: 390, height: 800 } }, async page => {
      await page.getByRole('button', { name: 'Course' }).click()
      expect(await violations(page)).toEqual([])
    })
  })

  describe('at every width', () => {
    test.each(PAGES)('%s does not scroll sideways', async path => {
      await open(path, {}, async page => {
        for (const width of [320, 390, 600, 768, 1024, 1280, 1440, 1920]) {
          await page.setViewportSize({ width, height: 800 })
          expect(await page.evaluate('document.documentElement.scrollWidth'), String(width)).toBeLessThanOrEqual(width)
        }
      })
    })

    test('a line of text has 60 to 75 characters', async () => {
      await open(LESSON, { viewport: { width: 1440, height: 900 } }, async page => {
        const length = await page.evaluate(`(() => {
          const text = [...document.querySelectorAll('.text > p')].find(p => p.textContent.startsWith('But nothing')).firstChild
          const range = document.createRange()
          let lines = 0, top
          for (let at = 0; at < text.length; at++) {
            range.setStart(text, at); range.setEnd(text, at + 1)
            const box = range.getBoundingClientRect()
            if (box.width && box.top !== top) { lines++; top = box.top }
          }
          return text.length / lines
        })()`)
        expect(length).toBeGreaterThan(60)
        expect(length).toBeLessThan(75)
      })
    })
  })

  test('nothing moves once it is there', async () => {
    for (const viewport of [{ width: 1440, height: 900 }, { width: 390, height: 800 }]) {
      await open(LESSON, { viewport }, async page => {
        await page.waitForTimeout(300)
        await page.mouse.wheel(0, 1500)
        await page.waitForTimeout(300)
        expect(await page.evaluate(`new Promise(resolve => new PerformanceObserver(list =>
          resolve(list.getEntries().reduce((sum, entry) => sum + entry.value, 0))
        ).observe({ type: 'layout-shift', buffered: true }) ?? setTimeout(resolve, 200, 0))`)).toBeLessThan(0.001)
      })
    }
  })

  test('the book\'s own faces are used from the first line on, also from disk', async () => {
    for (const fromDisk of [false, true]) {
      await open(LESSON, { fromDisk }, async page => {
        const used = await page.evaluate('[...document.fonts].filter(font => font.status === "loaded").map(font => `${font.family} ${font.weight} ${font.style}`)')
        expect(used).toEqual([
          'Source Serif 4 400 normal', 'Source Serif 4 400 italic', 'Source Serif 4 600 normal', 'IBM Plex Mono 400 normal', 'IBM Plex Mono 600 normal',
        ].map(name => expect.stringContaining(name.split(' ')[0]!) && name))
      })
    }
  })

  describe('without JavaScript', () => {
    test('everything can be read, and no button stands there that does nothing', async () => {
      await open(LESSON, { javaScriptEnabled: false }, async page => {
        const steps = page.locator('.experiment').first().locator('.step')
        expect(await steps.count()).toBe(18)
        for (const step of await steps.all()) expect(await step.isVisible()).toBe(true)
        expect(await page.locator('.needs-js').first().isVisible()).toBe(false)
        const buttons = page.locator('button:visible')
        expect(await buttons.allTextContents()).toEqual(['This page'])
        const answer = page.getByText('Three: the listening socket')
        expect(await answer.isVisible()).toBe(false)
        expect(await page.getByText('Which sockets exist now').isVisible()).toBe(true)
        await page.getByText('Answer', { exact: true }).first().click()
        expect(await answer.isVisible()).toBe(true)
      })
    })

    test('the course leads to the page of a part, and that to its first lesson', async () => {
      await open(LESSON, { javaScriptEnabled: false }, async page => {
        await page.getByRole('navigation', { name: 'Course' }).getByRole('link', { name: 'One connection' }).click()
        expect(page.url()).toContain(PART)
        for (const step of await page.locator('.experiment .step').all()) expect(await step.isVisible()).toBe(true)
        await page.getByRole('navigation', { name: 'Previous and next page' }).getByRole('link').click()
        expect(page.url()).toContain('lessons/01-first-words.html')
      })
    })

    test('the course opens on a phone', async () => {
      await open(LESSON, { javaScriptEnabled: false, viewport: { width: 390, height: 800 } }, async page => {
        const course = page.getByRole('navigation', { name: 'Course' })
        expect(await course.isVisible()).toBe(false)
        await page.getByRole('button', { name: 'Course' }).click()
        expect(await course.getByRole('link', { name: 'Echo' }).isVisible()).toBe(true)
      })
    })
  })

  describe('from disk', () => {
    test('pages, styles, scripts and links between them work', async () => {
      await open('index.html', { fromDisk: true }, async page => {
        await page.getByRole('link', { name: /kitchen sink/ }).click()
        expect(await page.title()).toContain('The kitchen sink')
        await page.getByRole('button', { name: 'Step', exact: true }).first().click()
        expect(await page.locator('.experiment').first().locator('.later').count()).toBe(17)
        await page.getByRole('link', { name: 'the whole program' }).click()
        expect(page.url()).toBe(`${disk()}code/02-two-sockets.html`)
      })
    })

    test('the search says why it cannot, and what can', async () => {
      await open(LESSON, { fromDisk: true }, async page => {
        await page.keyboard.press('/')
        const dialog = page.getByRole('dialog', { name: 'Search the book' })
        expect(await dialog.textContent()).toContain('From disk a browser may not load the search')
        await dialog.getByRole('link', { name: 'the whole book on one page' }).click()
        expect(await page.title()).toBe('The whole book · Port 12345')
      })
    })
  })

  test('on paper everything folded is open, and nothing is cut off', async () => {
    await open(LESSON, {}, async page => {
      await page.emulateMedia({ media: 'print' })
      // By the style sheet where the browser knows ::details-content, by the script elsewhere.
      expect(await page.getByText('It takes a callback.').isVisible()).toBe(true)
      await page.evaluate('dispatchEvent(new Event("beforeprint"))')
      expect(await page.locator('details:not([open])').count()).toBe(0)
      expect(await page.getByText('Three: the listening socket').isVisible()).toBe(true)
      expect(await page.getByText('It is getConnections.').isVisible()).toBe(true)
      expect(await page.evaluate('[...document.querySelectorAll("pre")].filter(pre => pre.scrollWidth > pre.clientWidth).length')).toBe(0)
      await page.evaluate('dispatchEvent(new Event("afterprint"))')
      expect(await page.locator('details[open]').count()).toBe(0)
      expect((await page.pdf()).length).toBeGreaterThan(10_000)
    })
  })
})
