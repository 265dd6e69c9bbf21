import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { describeInBrowser, LESSON, PART } from './browser.ts'

describeInBrowser('the site, used in a browser', ({ open, address }) => {
  describe('by keyboard', () => {
    test('the first stop leads past the bar and the course', async () => {
      await open(LESSON, {}, async page => {
        await page.keyboard.press('Tab')
        expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the text')
        await page.keyboard.press('Enter')
        expect(await page.evaluate('document.activeElement.id')).toBe('main')
        await page.keyboard.press('Tab')
        expect(await page.evaluate('document.activeElement.closest("main") !== null')).toBe(true)
      })
    })

    test('every stop can be seen, and each is reached once', async () => {
      await open(LESSON, {}, async page => {
        const seen: string[] = []
        for (let stop = 0; stop < 200; stop++) {
          await page.keyboard.press('Tab')
          const at = await page.evaluate(`(() => {
            const e = document.activeElement
            if (e === document.body) return null
            const style = getComputedStyle(e)
            const outlined = style.outlineStyle !== 'none' || style.opacity === '1' && e.tagName === 'SUMMARY'
            return { path: [...document.querySelectorAll('*')].indexOf(e) + ' ' + e.textContent.slice(0, 40), outlined }
          })()`) as { path: string, outlined: boolean } | null
          if (!at) break
          expect(at.outlined, at.path).toBe(true)
          seen.push(at.path)
        }
        expect(seen.length).toBeGreaterThan(40)
        expect(new Set(seen).size).toBe(seen.length)
      })
    })

    test('arrow keys scroll and lead nowhere; / in a field is a slash', async () => {
      await open(LESSON, {}, async page => {
        const { url } = { url: page.url() }
        for (const key of ['ArrowRight', 'ArrowLeft', 'n', 'p', 's']) await page.keyboard.press(key)
        expect(page.url()).toBe(url)
        expect(await page.locator('dialog[open]').count()).toBe(0)
        await page.keyboard.press('Control+k')
        await page.keyboard.type('a/b')
        expect(await page.locator('input[type=search]').inputValue()).toBe('a/b')
        await page.keyboard.press('Escape')
        expect(await page.locator('dialog[open]').count()).toBe(0)
      })
    })
  })

  describe('an experiment', () => {
    test('stands there whole, is stepped, taken back and begun again', async () => {
      await open(LESSON, {}, async page => {
        const figure = page.locator('.experiment').first()
        const button = (name: string) => figure.getByRole('button', { name, exact: true })
        const visible = () => figure.locator('.step:not(.later)').count()
        const announced = () => page.locator('[aria-live]').textContent()
        expect(await visible()).toBe(18)
        await button('Step').focus()
        await page.keyboard.press('Enter')
        expect([await visible(), await announced()]).toEqual([1, 'Step 1 of 18: server $ npm run lesson:2'])
        await page.keyboard.press('Space')
        expect([await visible(), await announced()]).toEqual([2, 'Step 2 of 18: server Listening: true'])
        await button('Back').click()
        expect(await visible()).toBe(1)
        await button('Start again').click()
        expect([await visible(), await announced()]).toEqual([0, 'At the start, 18 steps to come'])
        expect(await button('Back').getAttribute('aria-disabled')).toBe('true')
        for (let step = 0; step < 18; step++) await button('Step').press('Enter')
        expect(await visible()).toBe(18)
        expect(await button('Step').getAttribute('aria-disabled')).toBe('true')
        await button('Show all').click()
        expect(await figure.locator('.now').count()).toBe(0)
        expect(await page.evaluate('document.activeElement.textContent')).toBe('Step')
      })
    })

    test('plays by itself to the end, and can be paused', async () => {
      await open('lessons/01-first-words.html', {}, async page => {
        await page.clock.install()
        await page.reload()
        const figure = page.locator('.experiment').first()
        await figure.getByRole('button', { name: 'Play' }).click()
        expect(await figure.locator('.later').count()).toBe(4)
        await page.clock.runFor(1500)
        expect(await figure.locator('.later').count()).toBe(3)
        await figure.getByRole('button', { name: 'Pause' }).click()
        await page.clock.runFor(5000)
        expect(await figure.locator('.later').count()).toBe(3)
        await figure.getByRole('button', { name: 'Play' }).click()
        await page.clock.runFor(10_000)
        expect(await figure.locator('.later').count()).toBe(0)
        expect(await figure.getByRole('button', { name: 'Play' }).count()).toBe(1)
      })
    })

    test('does not play where less motion was asked for', async () => {
      await open(LESSON, { reducedMotion: 'reduce' }, async page => {
        const figure = page.locator('.experiment').first()
        expect(await figure.getByRole('button', { name: 'Play' }).count()).toBe(0)
        await figure.getByRole('button', { name: 'Step', exact: true }).click()
        expect(await figure.locator('.later').count()).toBe(17)
      })
    })

    test('shows what happened later lower down, and each terminal in a column of its own', async () => {
      await open(LESSON, {}, async page => {
        const boxes = await page.evaluate(`[...document.querySelector('.experiment').querySelectorAll('.step')].map(step => {
          const { top, left } = (step.querySelector('.cell') ?? step).getBoundingClientRect()
          return { top, left: Math.round(left), who: step.querySelector('.who')?.textContent }
        })`) as { top: number, left: number, who?: string }[]
        expect(boxes.map(({ top }) => top)).toEqual(boxes.map(({ top }) => top).sort((a, b) => a - b))
        expect(new Set(boxes.map(({ top }) => top)).size).toBe(boxes.length)
        const columns = boxes.filter(({ who }) => who).map(({ who, left }) => `${who} ${left}`)
        expect(new Set(columns).size).toBe(3)
      })
    })

    test('moves nothing while it is played', async () => {
      await open(LESSON, {}, async page => {
        const figure = page.locator('.experiment').first()
        const step = figure.getByRole('button', { name: 'Step', exact: true })
        await step.scrollIntoViewIfNeeded()
        const before = await figure.boundingBox()
        const place = await step.boundingBox()
        await step.click()
        expect(await figure.boundingBox()).toEqual(before)
        expect(await step.boundingBox()).toEqual(place)
      })
    })
  })

  describe('what is copied', () => {
    const permissions = ['clipboard-read', 'clipboard-write']
    const clipboard = (page: Page) => page.evaluate('navigator.clipboard.readText()')
    const copy = async (page: Page, name: string, nth = 0) => {
      await page.getByRole('button', { name: `Copy: ${name}`, exact: true }).nth(nth).click()
      return clipboard(page)
    }

    test('is what one types: no numbers, signs, prompts, output or removed lines', async () => {
      await open(LESSON, { permissions }, async page => {
        expect(await copy(page, 'Commands')).toBe('ss -ltn \'sport = :12345\'\nkill -STOP %1')
        expect(await copy(page, 'server.ts, in initializeServerSocket()')).toBe('return createServer().listen({ host: SERVER_NAME, port: SERVER_PORT })')
        const changed = await copy(page, 'server.ts, at the top and at the top level, replace 3 lines')
        expect(String(changed).split('\n').slice(0, 6)).toEqual([
          'import { createServer, type Server } from \'node:net\'', '', 'await startServer()', '', 'async function startServer(): Promise<void> {', '  const sock = initializeServerSocket()',
        ])
        expect(await copy(page, 'npm run lesson:2')).toBe('npm run lesson:2')
      })
    })

    test('from a whole file is that file', async () => {
      await open('code/02-two-sockets.html', { permissions }, async page => {
        const source = await page.evaluate('fetch("02-two-sockets/server.ts").then(answer => answer.text())')
        expect(`${await copy(page, 'server.ts')}\n`).toBe(source)
      })
    })

    test('by hand from the page is without numbers and signs too', async () => {
      await open(LESSON, {}, async page => {
        const selected = await page.evaluate(`(() => {
          getSelection().selectAllChildren(document.querySelector('.session pre'))
          return getSelection().toString()
        })()`)
        expect(selected).toBe('ss -ltn \'sport = :12345\'\nState   Recv-Q  Send-Q  Local Address:Port  Peer Address:Port\nLISTEN  0       511         127.0.0.1:12345      0.0.0.0:*\nkill -STOP %1')
      })
    })
  })

  describe('the search', () => {
    test('finds a lesson, a place in it, a term and a program, and leads there', async () => {
      await open('index.html', {}, async page => {
        await page.getByRole('button', { name: 'Search' }).click()
        await page.keyboard.type('listening socket')
        const results = page.locator('.results > ol > li')
        await results.first().waitFor()
        const texts = await results.allTextContents()
        for (const kind of ['Lesson', 'Glossary', 'Program']) expect(texts.some(text => text.includes(kind)), kind).toBe(true)
        await page.getByRole('radio', { name: 'Glossary' }).check()
        await expect.poll(() => results.allTextContents()).toEqual([expect.stringMatching(/^listening socket Glossary/)])
        await results.first().getByRole('link').click()
        expect(page.url()).toBe(`${address()}glossary.html#term-listening-socket`)
      })
    })

    test('finds the page of a part, calls it that, and counts it among the lessons', async () => {
      await open('index.html', {}, async page => {
        await page.keyboard.press('/')
        await page.getByRole('radio', { name: 'Lessons' }).check()
        await page.locator('input[type=search]').fill('what lies between')
        const results = page.locator('.results > ol > li')
        await expect.poll(() => results.allTextContents()).toEqual([expect.stringMatching(/^Part I: One connection PartWhat comes of it/)])
        await results.first().getByRole('link').first().click()
        expect(page.url()).toBe(`${address()}${PART}`)
      })
    })

    test('finds no page for a word that only begins like one in it, and knows a word by its stem', async () => {
      await open(LESSON, {}, async page => {
        await page.keyboard.press('/')
        const status = page.getByRole('dialog').getByRole('status')
        for (const query of ['sockzzz', 'socket accezzz']) {
          await page.keyboard.type(query)
          await expect.poll(() => status.textContent()).toBe(`Nothing found for “${query}”.`)
          await page.keyboard.press('Control+a')
        }
        await page.keyboard.type('initializing server')
        await expect.poll(() => status.textContent()).toMatch(/^\d pages found\.$/)
      })
    })

    test('says how many pages it found where it shows the best of them', async () => {
      const data = { url: '/a.html', excerpt: '', content: 'echo', meta: { title: 'A' }, filters: {}, sub_results: [] }
      const library = `export const options = () => {}, init = options
        export const debouncedSearch = () => ({ results: Array(47).fill({ data: () => (${JSON.stringify(data)}) }) })`
      await open(LESSON, {}, async page => {
        await page.route('**/pagefind.js', route => route.fulfill({ contentType: 'text/javascript', body: library }))
        await page.keyboard.press('/')
        await page.keyboard.type('echo')
        await page.getByText('47 pages found. Here are the best 12.').waitFor()
        expect(await page.locator('.results li').count()).toBe(12)
      })
    })

    test('says when there is nothing', async () => {
      await open(LESSON, {}, async page => {
        await page.keyboard.press('/')
        await page.keyboard.type('zzzyx')
        const status = page.getByRole('dialog').getByRole('status')
        await expect.poll(() => status.textContent()).toBe('Nothing found for “zzzyx”.')
      })
    })
  })

  describe('the colours', () => {
    const ground = (page: Page) => page.evaluate('getComputedStyle(document.documentElement).backgroundColor')
    const [light, dark] = ['rgb(253, 252, 249)', 'rgb(14, 23, 34)']

    test('are the system\'s until they are chosen, and then those, on the next page too', async () => {
      await open(LESSON, { colorScheme: 'light' }, async page => {
        expect(await ground(page)).toBe(light)
        await page.getByLabel('Colours').selectOption('Dark')
        expect(await ground(page)).toBe(dark)
        await page.goto(`${address()}glossary.html`)
        expect(await ground(page)).toBe(dark)
        expect(await page.getByLabel('Colours').inputValue()).toBe('dark')
        await page.getByLabel('Colours').selectOption('System')
        expect(await ground(page)).toBe(light)
      })
    })

    test('are there before the first thing is painted', async () => {
      await open(LESSON, { colorScheme: 'light' }, async page => {
        await page.getByLabel('Colours').selectOption('Dark')
        // The script in the head has set them when the parser comes to the body: no frame is painted before.
        await page.addInitScript(`new MutationObserver((_, observer) => {
          if (!document.body) return
          window.atFirst = document.documentElement.dataset.theme
          observer.disconnect()
        }).observe(document, { childList: true, subtree: true })`)
        await page.reload()
        expect(await page.evaluate('window.atFirst')).toBe('dark')
      })
    })
  })

  test('a lesson that is done is ticked everywhere, and stays so', async () => {
    await open(LESSON, {}, async page => {
      const button = page.getByRole('button', { name: 'Mark lesson 2 as done' })
      await button.click()
      expect(await button.getAttribute('aria-pressed')).toBe('true')
      await page.goto(`${address()}index.html`)
      expect(await page.locator('[data-is-done]').getAttribute('data-lesson')).toBe('two-sockets')
      await page.goto(`${address()}${LESSON}`)
      expect(await page.evaluate('JSON.parse(localStorage.getItem("port-12345-progress")).version')).toBe(1)
      await button.click()
      expect(await page.locator('[data-is-done]').count()).toBe(0)
    })
  })

  test('the list of headings does not stay open over the place that was chosen in it', async () => {
    await open(LESSON, { viewport: { width: 390, height: 800 } }, async page => {
      await page.getByRole('button', { name: 'This page' }).click()
      const list = page.getByRole('navigation', { name: 'This page' })
      await list.getByRole('link', { name: 'Boxes of every kind' }).click()
      expect(await list.isVisible()).toBe(false)
      await expect.poll(() => page.evaluate('document.getElementById("boxes-of-every-kind").getBoundingClientRect().top')).toBeLessThan(200)
    })
  })

  test('the list of headings marks the one that is read', async () => {
    await open(LESSON, { viewport: { width: 1440, height: 900 } }, async page => {
      await page.evaluate('document.getElementById("boxes-of-every-kind").scrollIntoView()')
      await expect.poll(() => page.locator('.contents [aria-current]').allTextContents()).toEqual(['Boxes of every kind'])
    })
  })
})
