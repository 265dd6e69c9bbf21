import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createProgressKeeper } from '../../site/server/progress.ts'
import { createSiteServer, listen } from '../../site/server/server.ts'
import { copyOfBook } from './fixture-book.ts'

const OLD = '2026-01-02T03:04:05.000Z'

/** A server for the progress of a reader, who may have some already. */
async function serve(text?: string) {
  const root = copyOfBook()
  const file = join(root, 'workspace/progress.json')
  if (text !== undefined) {
    mkdirSync(join(root, 'workspace'))
    writeFileSync(file, text)
  }
  const server = createSiteServer(join(root, 'site/dist'), [], createProgressKeeper(root))
  const address = await listen(server, 0, 'npm start')
  onTestFinished(() => void server.close())
  const ask = (method: string, body?: unknown, headers: Record<string, string> = {}) =>
    new Promise<{ status: number, body: string }>((resolve, reject) => {
      const own = body === undefined ? {} : { origin: address, 'content-type': 'application/json' }
      const asking = request(`${address}/progress.json`, { method, headers: { ...own, ...headers }, agent: false }, response => {
        let text = ''
        response.setEncoding('utf8').on('data', (part: string) => text += part)
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }))
      })
      asking.on('error', reject)
      asking.end(typeof body === 'string' ? body : JSON.stringify(body))
    })
  return { ask, address, workspace: join(root, 'workspace'), file, read: () => readFileSync(file, 'utf8'), exists: () => existsSync(file) }
}

const progress = (done: Record<string, string>, more = {}) => `${JSON.stringify({ version: 1, ...more, done }, null, 2)}\n`
const mark = (lesson: string, done: unknown) => ({ lesson, done })

describe('progress is handed out', () => {
  test('as the command line exports it', async () => {
    const failed = { failed: { lesson: 'echo', behaviour: 'x', shown: 1 } }
    const { ask, read } = await serve(JSON.stringify({ version: 1, current: 'echo', done: { 'first-words': OLD }, ...failed }))
    expect(await ask('GET')).toEqual({ status: 200, body: progress({ 'first-words': OLD }, { current: 'echo' }) })
    expect(read()).toContain('"failed"')
  })

  test('to a reader who has not begun, without a file being made', async () => {
    const { ask, exists } = await serve()
    expect(await ask('GET')).toEqual({ status: 200, body: progress({}) })
    expect(exists()).toBe(false)
  })
})

describe('progress is changed', () => {
  test('by marking a lesson and taking that back; the rest stays', async () => {
    const { ask, read } = await serve(progress({ 'first-words': OLD, elsewhere: OLD }, { current: 'echo', mine: 1 }))
    const { status, body } = await ask('PUT', mark('echo', true))
    expect([status, body]).toEqual([200, read()])
    expect(JSON.parse(read())).toEqual({
      version: 1, current: 'echo', mine: 1, done: { 'first-words': OLD, elsewhere: OLD, echo: expect.stringMatching(/^\d{4}-.*Z$/) },
    })
    await ask('PUT', mark('echo', false))
    expect(read()).toBe(progress({ 'first-words': OLD, elsewhere: OLD }, { current: 'echo' }).replace(/\n}\n$/, ',\n  "mine": 1\n}\n'))
  })

  test('not where it says so already: the date stays', async () => {
    const { ask, read } = await serve(progress({ echo: OLD }))
    expect((await ask('PUT', mark('echo', true))).status).toBe(200)
    expect(read()).toBe(progress({ echo: OLD }))
  })

  test('by adding what another has, and nothing is lost', async () => {
    const { ask, read } = await serve(progress({ echo: OLD }, { current: 'echo' }))
    expect((await ask('POST', { version: 1, current: 'first-words', done: { 'first-words': 'x', echo: 'y' } })).status).toBe(200)
    expect(JSON.parse(read())).toEqual({ version: 1, current: 'echo', done: { 'first-words': 'x', echo: OLD } })
  })

  test('by our own pages only', async () => {
    const { ask, exists, address } = await serve()
    for (const [status, headers] of [
      [403, { origin: 'http://evil.example' }], [403, { origin: 'null' }], [403, { origin: '' }],
      [403, { origin: address.replace('127.0.0.1', 'localhost') }],
      [403, { host: 'evil.example' }], [403, { host: 'evil.example', origin: 'http://evil.example' }],
      [415, { 'content-type': 'text/plain' }], [415, { 'content-type': 'application/jsonp' }],
    ] as const) {
      for (const [method, body] of [['PUT', mark('echo', true)], ['POST', { done: { echo: OLD } }]] as const) {
        const answer = await ask(method, body, headers)
        expect([answer.status, answer.body], JSON.stringify(headers)).toEqual([status, expect.stringMatching(/^.+\.\n$/)])
      }
    }
    expect((await ask('GET', undefined, { host: 'evil.example' })).status).toBe(403)
    expect((await ask('DELETE')).status).toBe(405)
    expect(exists()).toBe(false)
  })
})

describe('one line answers', () => {
  test.each([
    ['PUT', '{', 400], ['PUT', 'null', 400], ['PUT', '[]', 400], ['PUT', mark('nothing', true), 400], ['PUT', mark('__proto__', true), 400],
    ['PUT', mark('echo', 'yes'), 400], ['POST', '{', 400], ['POST', '[]', 400], ['POST', { version: 2 }, 400], ['POST', { done: { echo: 1 } }, 400],
    ['POST', 'x'.repeat(70_000), 413], ['PUT', 'x'.repeat(2_000_000), 413],
  ])('%s %.60j', async (method, body, status) => {
    const { ask, read } = await serve(progress({ echo: OLD }))
    expect(await ask(method, body)).toEqual({ status, body: expect.stringMatching(/^.+\.\n$/) })
    expect(read()).toBe(progress({ echo: OLD }))
    expect((await ask('GET')).status).toBe(200)
  })

  test.each([
    [{ version: 2 }, '"version" is 2, and this workbook knows version 1 (line 1)'],
    ['[', 'it is not JSON'],
    ['[]', 'it is not progress: it should be an object in braces'],
  ])('a file that cannot be added: %j', async (body, why) => {
    const { ask } = await serve()
    const { status, body: line } = await ask('POST', body)
    expect([status, line]).toEqual([400, `That file cannot be added: ${why}.\n`])
  })

  test('a progress file that cannot be understood, and leaves it where it is', async () => {
    const broken = '{ "version": 1,\n  "done": { "echo": 3 } }'
    const { ask, read, workspace } = await serve(broken)
    for (const [method, body] of [['GET', undefined], ['PUT', mark('echo', true)], ['POST', { done: {} }]] as const) {
      expect(await ask(method, body)).toEqual({
        status: 500, body: 'workspace/progress.json:2: "echo" should have a date in quotation marks. Mend it, or run: npm run progress\n',
      })
    }
    expect([read(), readdirSync(workspace)]).toEqual([broken, ['progress.json']])
  })
})
