import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { canIsolate, isolated } from '../../scripts/workbook/machine/isolate.ts'
import { ROOT, start } from '../support/command.ts'
import { examiners } from '../support/examiners/examiners.ts'

const { check, programs } = examiners()
const SERVE = 'createServer().listen({ host: \'127.0.0.1\', port: 12345, backlog: 5 })\n'
const START = 'import { createServer } from \'node:net\'\nconsole.log(\'Starting server on port 12345\')\n'

/** What goes well with `npm run mine`, and did not always in a check. */
const RIGHT: readonly [what: string, files: Record<string, string>][] = [
  ['begins only when it is the main module', {
    'server.ts': `import { argv } from 'node:process'\nimport { fileURLToPath } from 'node:url'\n${START}if (argv[1] === fileURLToPath(import.meta.url)) ${SERVE}`,
  }],
  ['reads a file beside it', {
    'server.ts': `import { readFileSync } from 'node:fs'\n${START}if (readFileSync(new URL('port.txt', import.meta.url), 'utf8') === '12345') ${SERVE}`,
    'port.txt': '12345',
  }],
  ['has a module that waits at its top while another does', {
    'server.ts': `import './one.ts'\nimport './two.ts'\n${START}${SERVE}`,
    'one.ts': 'import { setTimeout } from \'node:timers/promises\'\nawait setTimeout(10)\nexport const one = 1\n',
    'two.ts': 'import { one } from \'./one.ts\'\nawait Promise.resolve(one)\nexport {}\n',
  }],
  ['is a server and a worker in one file', {
    'server.ts': `import { isMainThread, Worker } from 'node:worker_threads'\nimport { createServer } from 'node:net'\nif (isMainThread) {\n`
      + `console.log('Starting server on port 12345')\nnew Worker(new URL(import.meta.url)).on('exit', () => { ${SERVE.trim()} })\n}\n`,
  }],
  ['fills its standard output at one go', {
    'server.ts': `import { writeSync } from 'node:fs'\n${START}const words = 'x'.repeat(1 << 22)\nwriteSync(1, words + '\\n')\n${SERVE}`,
  }],
]

test.concurrent.each(RIGHT)('a program that %s holds', async (_, files) => {
  const { failure } = await check(2, programs(files), { until: 'listens' })
  expect(failure).toBe(undefined)
})

/** What ends with an error with `npm run mine`, and did not always in a check. */
const WRONG: readonly [what: string, files: Record<string, string>][] = [
  ['uses a class above its definition', { 'server.ts': `${START}new Door()\nclass Door { constructor() { ${SERVE.trim()} } }\n` }],
  ['uses a constant of a module that is not yet there', {
    'server.ts': `import './door.ts'\nexport const port = 12345\n`,
    'door.ts': `${START}import { port } from './server.ts'\ncreateServer().listen(port, '127.0.0.1')\n`,
  }],
  ['imports a text', { 'server.ts': `${START}import words from './words.txt'\nconsole.log(words)\n${SERVE}`, 'words.txt': 'words' }],
]

test.concurrent.each(WRONG)('a program that %s does not', async (_, files) => {
  expect((await check(2, programs(files), { until: 'listens' })).passed).toBe(false)
})

/** Writes down what a program can know of how it was started. */
const FACTS = `
import { existsSync, readFileSync, readlinkSync, renameSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { Worker } from 'node:worker_threads'
const ofProc = (name: string) => readFileSync('/proc/' + name, 'utf8').replaceAll('\\0', ' ')
const file = new URL('FACTS', import.meta.url)
const thread = await new Promise(resolve => new Worker(
  'import { parentPort } from "node:worker_threads"; parentPort.postMessage([process.execArgv, process.argv])', { eval: true },
).on('message', resolve).on('error', error => resolve(String(error))))
const facts = {
  argv: process.argv, execArgv: process.execArgv, argv0: process.argv0, title: process.title, thread,
  meta: [import.meta.url, import.meta.dirname, import.meta.filename, (import.meta as { main?: boolean }).main],
  place: new Error('here').stack, resolved: import.meta.resolve('tsx'),
  own: ofProc('self/cmdline'), parent: [ofProc(process.ppid + '/cmdline'), ofProc(process.ppid + '/comm')],
  above: ofProc(/ (\\d+)/.exec(ofProc(process.ppid + '/stat').replace(/^.*\\) ./, ''))![1] + '/comm'),
  cwd: process.cwd(), env: process.env,
  initial: readFileSync('/proc/self/environ', 'utf8').split('\\0').map(word => word.split('=')[0]).sort(),
  listeners: process.eventNames().map(name => [String(name), process.listenerCount(name as 'exit')]),
  timer: String(setTimeout), now: String(Date.now), worker: String(Worker), signals: /SigIgn.*/.exec(ofProc('self/status')),
  limits: ofProc('self/limits'), umask: process.umask(), modules: Object.keys(globalThis),
}
console.log('Starting server on port 12345')
if (!existsSync(file)) {
  writeFileSync(new URL('FACTS-new', import.meta.url), JSON.stringify(facts))
  renameSync(new URL('FACTS-new', import.meta.url), file)
}
createServer().listen({ host: '127.0.0.1', port: 12345, backlog: 5 })
`

/**
 * What differs: process numbers, of which none is printed; the working directory, which is a copy with links, and
 * stands in some of npm's variables; and the environment of the test itself.
 */
const same = (text: string, root: string) => {
  const { cwd } = JSON.parse(text) as { cwd: string }
  return JSON.parse(text.replaceAll(cwd, root)) as object
}

test.skipIf(!canIsolate())('a program finds the same in a check as with npm run mine', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'port-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const root = join(folder, 'a-book')
  mkdirSync(join(root, 'workspace'), { recursive: true })
  // The workbook finds its root by where it lies, so that is no link.
  for (const name of ['scripts', 'tests/lessons', 'package.json']) cpSync(join(ROOT, name), join(root, name), { recursive: true })
  for (const name of ['code', 'lessons', 'node_modules']) symlinkSync(join(ROOT, name), join(root, name))
  writeFileSync(join(root, 'workspace/server.ts'), FACTS)
  const file = join(root, 'workspace/FACTS')
  const facts = async (words: string[]) => {
    const started = start(isolated(['npm', 'run', ...words]), { cwd: root })
    // It is written to another name first.
    await vi.waitFor(() => expect(existsSync(file)).toBe(true), { timeout: 60_000, interval: 20 })
    started.kill('SIGTERM')
    const text = readFileSync(file, 'utf8')
    rmSync(file)
    return text
  }
  const mine = await facts(['mine'])
  const checked = await facts(['check', '2'])
  expect(same(checked, root)).toEqual(same(mine, root))
  expect((JSON.parse(checked) as { cwd: string }).cwd).not.toMatch(/check/i)
})
