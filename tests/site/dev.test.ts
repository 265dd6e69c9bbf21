import { readFileSync, writeFileSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { command, run, start } from '../support/command.ts'
import { copyOfBook } from './fixture-book.ts'

/** Starts a command on a copy of the book and waits for its address. */
async function serve(name: 'dev' | 'start', root = copyOfBook()) {
  const started = start(command([name, '--port', '0'], root))
  await started.sees('http://127.0.0.1:')
  const address = /http:\/\/[\d.:]+/.exec(String(started.bytes()))?.[0] ?? ''
  return { ...started, address, root }
}

/** What the server tells a page that is open. */
async function news(address: string, headers: Record<string, string> = {}) {
  const response = await new Promise<IncomingMessage>((resolve, reject) => get(`${address}/-/events`, { headers }, resolve).on('error', reject))
  onTestFinished(() => void response.destroy())
  const events: unknown[] = []
  response.setEncoding('utf8').on('data', (text: string) => {
    for (const [, data = ''] of text.matchAll(/^data: (.*)$/gm)) events.push(JSON.parse(data))
  })
  return { status: response.statusCode, events }
}

function edit(root: string, change: (text: string) => string, name = 'lessons/06-echo.md') {
  const file = join(root, name)
  writeFileSync(file, change(readFileSync(file, 'utf8')))
}

describe('npm run dev', () => {
  test('builds on save, tells open pages, shows a problem and gets over it', async () => {
    const { address, root, sees } = await serve('dev')
    await sees('built in')
    const { events } = await news(address)

    edit(root, text => `${text}\nOne more sentence.\n`)
    // A save that is read half is built again, and then nothing may be new.
    await expect.poll(() => events).toContainEqual({ written: ['lessons/06-echo.html', 'print.html'] })
    const page = await (await fetch(`${address}/lessons/06-echo.html`)).text()
    expect(page).toContain('One more sentence.')
    expect(page).toContain('<script src="/-/preview.js" defer></script>')

    edit(root, text => `${text}\n::: tri\n:::\n`)
    const problem = { problem: expect.stringMatching(/^lessons\/06-echo\.md:\d+: there is no box "tri"\. Did you mean "try"\?/) }
    await expect.poll(() => events.at(-1)).toEqual(problem)
    const late = await news(address)
    await expect.poll(() => late.events).toEqual([problem])
    expect((await fetch(address)).status).toBe(200)

    edit(root, text => text.replace('::: tri\n:::\n', ''))
    await expect.poll(() => events.at(-1)).toMatchObject({ written: [] })

    edit(root, text => `${text}\nOne more sentence.\n`, 'lessons/parts/1-one-connection.md')
    await expect.poll(() => events.at(-1)).toEqual({ written: ['parts/1-one-connection.html', 'print.html'] })

    // To its own names only, and the built pages stay as they are.
    expect((await news(address, { host: 'evil.example' })).status).toBe(403)
    expect(readFileSync(join(root, 'site/dist/index.html'), 'utf8')).not.toContain('/-/preview.js')
  })

  test('starts with a book that has a problem', async () => {
    const root = copyOfBook()
    edit(root, text => `${text}\n[x](07-nothing.md)\n`)
    const { sees } = await serve('dev', root)
    await sees('lessons/06-echo.md:')
    edit(root, text => text.replace('[x](07-nothing.md)', ''))
    await sees('built in')
  })
})

describe('npm start', () => {
  test('builds, serves and says where', async () => {
    const { address, root } = await serve('start')
    expect(await (await fetch(address)).text()).toBe(readFileSync(join(root, 'site/dist/index.html'), 'utf8'))
  })

  test('with a book that has a problem says so and ends', async () => {
    const root = copyOfBook()
    edit(root, text => text.replace('part: One connection', 'part: One conection'))
    const { code, stderr } = await run(command(['start', '--port', '0'], root))
    expect([code, stderr]).toEqual([1, expect.stringContaining('lessons/06-echo.md:4: ')])
    expect(stderr).toContain('Did you mean "One connection"?')
  })

  test('on a taken port offers another one', async () => {
    const { address } = await serve('start')
    const port = new URL(address).port
    const { code, stderr } = await run(command(['start', '--port', port], copyOfBook()))
    expect(code).toBe(1)
    expect(stderr).toMatch(new RegExp(`^Port ${port} is .*Use another one: npm start -- --port 4321\n$`, 'i'))
  })
})

test('npm run build takes no arguments', async () => {
  expect(await run(command(['build', '--out', 'x'], copyOfBook()))).toMatchObject({ code: 2, stderr: 'npm run build takes no argument "--out".\n' })
})
