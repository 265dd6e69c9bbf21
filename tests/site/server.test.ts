import { writeFileSync } from 'node:fs'
import { request, type IncomingMessage } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { buildSite } from '../../site/build/build.ts'
import { HEAD_SCRIPT, HEAD_SCRIPT_HASH } from '../../site/layout/head-script.ts'
import { createPreview } from '../../site/server/preview.ts'
import { createProgressKeeper } from '../../site/server/progress.ts'
import { readPort } from '../../site/server/port-option.ts'
import { createSiteServer, listen, type Handler } from '../../site/server/server.ts'
import { readWorkbook } from '../../scripts/workbook/book/read.ts'
import { CACHE, FIXTURE_BOOK, temporaryFolder } from './fixture-book.ts'

interface Answer {
  status: number
  headers: IncomingMessage['headers']
  body: string
}

async function start(before: (folder: string) => Handler[] = () => []) {
  const folder = temporaryFolder()
  await buildSite(readWorkbook(FIXTURE_BOOK), { out: folder, cacheFolder: CACHE, search: false })
  const server = createSiteServer(folder, before(folder), createProgressKeeper(folder))
  const address = await listen(server, 0, 'npm start')
  const port = Number(new URL(address).port)
  const get = (path: string, headers: Record<string, string> = {}, method = 'GET') => new Promise<Answer>((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, method, headers, agent: false }, response => {
      let body = ''
      response.setEncoding('utf8').on('data', (text: string) => body += text)
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
    }).on('error', reject).end()
  })
  return { folder, port, address, get, stop: () => server.close() }
}

describe('the server', () => {
  let site: Awaited<ReturnType<typeof start>>
  beforeAll(async () => {
    site = await start()
    return () => site.stop()
  })

  test('listens on 127.0.0.1 and nowhere else', async () => {
    expect(site.address).toBe(`http://127.0.0.1:${site.port}`)
    const others = Object.values((await import('node:os')).networkInterfaces()).flat()
      .filter(entry => entry && !entry.internal && entry.family === 'IPv4')
    for (const other of others) {
      await expect(fetch(`http://${other?.address}:${site.port}/`)).rejects.toThrow('fetch failed')
    }
  })

  test.each(['127.0.0.1', 'localhost', '[::1]'])('answers to the name %s', async name => {
    expect(await site.get('/', { host: `${name}:${site.port}` })).toMatchObject({ status: 200 })
  })

  test.each(['evil.example', '127.0.0.1', 'localhost:1', '127.0.0.1.evil.example:PORT', 'evil.example:PORT'])(
    'refuses the name "%s"',
    async name => {
      const answer = await site.get('/', { host: name.replace('PORT', String(site.port)) })
      expect(answer.status).toBe(403)
      expect(answer.body).not.toContain('<html')
    },
  )

  test('serves pages, folders and assets, each with its type', async () => {
    expect(await site.get('/')).toMatchObject({ status: 200, headers: { 'content-type': 'text/html;charset=utf-8' } })
    expect((await site.get('/lessons/06-echo.html')).body).toContain('<h1>Echo</h1>')
    expect((await site.get('/code/06-echo/server.ts')).headers['content-type']).toBe('text/plain; charset=utf-8')
    const style = /href="(assets\/site-[^"]+\.css)"/.exec((await site.get('/')).body)?.[1]
    const { headers } = await site.get(`/${style}`)
    expect(headers).toMatchObject({ 'content-type': 'text/css', 'cache-control': 'public, max-age=31536000, immutable' })
  })

  test('sends a policy under which only our own script runs', async () => {
    const { headers, body } = await site.get('/lessons/06-echo.html')
    expect(body).toContain(`<script>${HEAD_SCRIPT}</script>`)
    expect(headers['content-security-policy']).toContain(`script-src 'self' 'wasm-unsafe-eval' ${HEAD_SCRIPT_HASH};`)
    expect(headers['content-security-policy']).toContain('default-src \'none\'')
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' })
  })

  test('has a page for a wrong address', async () => {
    for (const path of ['/lessons/99-nothing.html', '/%', '/%00', '/..%2f..%2fetc/passwd', '/../../etc/passwd']) {
      expect(await site.get(path)).toMatchObject({ status: 404, body: expect.stringContaining('Nothing listens here') })
    }
  })

  test('leads from an address with a slash too many to the page', async () => {
    for (const path of ['/lessons/06-echo/', '/code/06-echo/', '/lessons/06-echo.html/']) {
      const { status, headers } = await site.get(path)
      const { pathname, host } = new URL(headers.location ?? '', `${site.address}${path}`)
      expect([status, pathname, host]).toEqual([302, path.slice(0, -1), new URL(site.address).host])
      expect((await site.get(pathname)).status).toBe(200)
    }
  })

  test('survives a range that ends before it begins, and sends the page whole', async () => {
    expect((await site.get('/', { range: 'bytes=5-2' })).status).toBe(200)
    expect((await site.get('/')).status).toBe(200)
  })

  test('hands out pages and takes nothing', async () => {
    expect(await site.get('/', {}, 'POST')).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } })
    expect(await site.get('/', {}, 'HEAD')).toMatchObject({ status: 200, body: '' })
  })

  test('serves a page that was built after it started', async () => {
    writeFileSync(join(site.folder, 'new.html'), 'new')
    expect((await site.get('/new.html')).body).toBe('new')
    writeFileSync(join(site.folder, 'new.html'), 'newer than that')
    expect((await site.get('/new.html')).body).toBe('newer than that')
  })
})

test.each(['//', '///', '//evil.example/', '//[', '/\\\\evil.example/', 'http://[/', '*'])('%s does not stop it', async path => {
  const { get, stop, address } = await start(folder => createPreview(folder).handlers)
  onTestFinished(() => void stop())
  const { status, headers } = await get(path)
  expect(status).toBeLessThan(500)
  expect(new URL(headers.location ?? '', address).origin).toBe(address)
  expect((await get('/')).status).toBe(200)
})

test('before the first build is done it says so', async () => {
  const server = createSiteServer(join(temporaryFolder(), 'dist'))
  onTestFinished(() => void server.close())
  const answer = await fetch(await listen(server, 0, 'npm start'))
  expect([answer.status, await answer.text()]).toEqual([503, expect.stringContaining('is being built')])
})

test('a taken port is named with its holder and the way out', async () => {
  const holder = createServer().listen(0, '127.0.0.1')
  await new Promise(resolve => holder.once('listening', resolve))
  onTestFinished(() => void holder.close())
  const { port } = holder.address() as AddressInfo
  const problem = await listen(createSiteServer('.'), port, 'npm start').catch(String)
  expect(problem).toMatch(new RegExp(`^Port ${port} is .*\\. Use another one: npm start -- --port 4321$`, 'i'))
})

describe('--port', () => {
  test.each([[[], 4321], [['--port', '8080'], 8080], [['--port=0'], 0], [['--port', '65535'], 65535]])('%j', (argv, port) => {
    expect(readPort(argv, 'npm start')).toBe(port)
  })

  test.each([[['--port', 'x']], [['--port', '65536']], [['--port', '-1']], [['--port']], [['--prot', '1']], [['4321']]])('refuses %j', argv => {
    expect(() => readPort(argv, 'npm start')).toThrow(expect.objectContaining({ name: 'Problem', exitCode: 2 }))
  })
})
