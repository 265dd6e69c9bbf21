import { EventEmitter } from 'node:events'
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { expect, type Mock, onTestFinished, test, vi } from 'vitest'
import { type Key, type LoopOptions, watchLoop } from '../../scripts/workbook/workspace/watch/loop.ts'
import { Problem } from '../../scripts/workbook/problem.ts'
import { type Watcher, watchSaves } from '../../scripts/workbook/workspace/watch/saves.ts'
import { readerOf, write } from './reader.ts'

/** A check that the test lets end, and what it was told. */
interface Run {
  signal: AbortSignal
  end: (error?: unknown) => void
}

/** A watch loop on real files, with a check, a terminal and signals that the test holds in its hands. */
function watching(options: Partial<Omit<LoopOptions, 'input'>> & { terminal?: boolean } = {}) {
  const { terminal = true, ...others } = options
  const root = readerOf({ 'workspace/server.ts': '1' })
  const folder = join(root, 'workspace')
  const input = Object.assign(new PassThrough(), { isTTY: terminal, setRawMode: vi.fn() }) as Terminal
  const output = new PassThrough({ encoding: 'utf8' })
  const signals = new EventEmitter()
  let printed = ''
  output.on('data', (text: string) => { printed += text })
  const runs: Run[] = []
  let atOnce = 0
  const ended = watchLoop({
    folder,
    input,
    output,
    signals,
    run: signal => {
      expect(++atOnce, 'one check at a time').toBe(1)
      return new Promise((resolve, reject) => {
        runs.push({
          signal,
          end: error => {
            atOnce--
            if (error === undefined) resolve()
            else reject(error as Error)
          },
        })
      })
    },
    ...others,
  })
  // A loop that fails says so where the test awaits it.
  ended.catch(() => {})
  onTestFinished(async () => {
    signals.emit('SIGTERM', 'SIGTERM', 15)
    while (atOnce > 0) runs.at(-1)?.end()
    await ended.catch(() => {})
  })
  return {
    root,
    folder,
    input,
    signals,
    ended,
    runs,
    printed: () => printed,
    press: (key: string) => void input.write(key),
    /** Waits for something that it prints, from here on. */
    async says(words: string): Promise<void> {
      await expect.poll(() => printed, { timeout: 20_000 }).toContain(words)
      printed = printed.slice(printed.indexOf(words) + words.length)
    },
    async starts(count: number): Promise<Run> {
      await expect.poll(() => runs.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(count)
      return runs[count - 1]!
    },
    save: (name = 'server.ts', content = String(Math.random())) => write(folder, { [name]: content }),
  }
}

type Terminal = PassThrough & { isTTY: boolean, setRawMode: Mock<(raw: boolean) => void> }

const keys = (...names: string[]): Key[] => names.map(key => ({ key, label: `label-${key}`, press: () => {} }))

test('it checks at once, then waits and says which keys there are', async () => {
  const watch = watching({ keys: () => keys('h') })
  ;(await watch.starts(1)).end()
  await watch.says('Waiting for the next save.\nKeys: h: label-h, r: run again, q: quit\n')
})

test('a save starts a check, and says which file it was', async () => {
  const watch = watching()
  ;(await watch.starts(1)).end()
  await watch.says('Waiting')
  watch.save()
  ;(await watch.starts(2)).end()
  await watch.says('--- server.ts changed, ')
  await watch.says('Waiting')
})

test('an editor may save by renaming, and make files in new folders', async () => {
  const watch = watching()
  ;(await watch.starts(1)).end()
  await watch.says('Waiting')
  writeFileSync(join(watch.folder, '.server.ts.swp'), 'new')
  renameSync(join(watch.folder, '.server.ts.swp'), join(watch.folder, 'server.ts'))
  ;(await watch.starts(2)).end()
  await watch.says('--- server.ts changed')
  await watch.says('Waiting')
  watch.save('lib/words.ts')
  ;(await watch.starts(3)).end()
  await watch.says('--- words.ts changed')
})

test('a file that comes and goes is an editor\'s own; one that the reader removes is news', async () => {
  const emitter = fakeWatcher()
  const watch = watching({ watcher: () => emitter })
  ;(await watch.starts(1)).end()
  await watch.says('Waiting')
  const tell = (event: string, name: string) => emitter.emit('all', event, join(watch.folder, name))
  // As sed -i saves.
  tell('add', 'sed7aCun8')
  tell('change', 'server.ts')
  tell('unlink', 'sed7aCun8')
  ;(await watch.starts(2)).end()
  await watch.says('\n--- server.ts changed, ')
  await watch.says('Waiting')
  tell('add', '4913')
  tell('unlink', '4913')
  tell('unlink', 'client.ts')
  ;(await watch.starts(3)).end()
  await watch.says('\n--- a file was removed, ')
  await watch.says('Waiting')
  tell('add', '4913')
  tell('unlink', '4913')
  await new Promise(resolve => setTimeout(resolve, 400))
  expect(watch.runs).toHaveLength(3)
})

test('a save during a check supersedes it: one check at a time, and the latest save is checked', async () => {
  const watch = watching()
  const first = await watch.starts(1)
  watch.save()
  await vi.waitUntil(() => first.signal.aborted, { timeout: 20_000 })
  // It has been told, and has not ended: nothing else starts, whatever is saved.
  watch.save('client.ts')
  watch.save()
  expect(watch.runs).toHaveLength(1)
  first.end(new Error('superseded'))
  const second = await watch.starts(2)
  expect(watch.printed()).not.toContain('superseded')
  expect(watch.printed()).not.toContain('Waiting')
  if (second.signal.aborted) {
    // The later saves were told apart from the first.
    second.end()
    ;(await watch.starts(3)).end()
  } else second.end()
  await watch.says('Waiting')
})

test.each([
  'progress.json', 'progress-broken-2026-11-21-0853.json', 'kept-2026-11-21-0853/kept.ts', 'node_modules/ws/index.js', '.progress.json.4f3a9c',
])('%s is nothing that the reader saves', async name => {
  const root = readerOf({ 'workspace/server.ts': '1' })
  const saved: string[][] = []
  const files = watchSaves(join(root, 'workspace'), {
    onSaved: names => void saved.push(names),
    onPolling: () => {},
    onBlind: () => {},
    onGone: () => {},
    isBusy: () => false,
  })
  onTestFinished(() => files.close())
  await files.ready
  write(root, { [`workspace/${name}`]: '2', 'workspace/notes.md': 'mine' })
  await vi.waitUntil(() => saved.length > 0, { timeout: 20_000 })
  expect(saved).toEqual([['notes.md']])
})

test('what the program writes while it is checked is no save; its source is', async () => {
  const watch = watching()
  const first = await watch.starts(1)
  watch.save('messages.db')
  watch.save('server.ts')
  await vi.waitUntil(() => first.signal.aborted, { timeout: 20_000 })
  first.end()
  await watch.says('--- server.ts changed, ')
})

test('only the keys that are valid now do something', async () => {
  const pressed: string[] = []
  let valid = ['h']
  const watch = watching({ keys: () => valid.map(key => ({ key, label: key, press: () => void pressed.push(key) })) })
  const first = await watch.starts(1)
  // While it checks, none but q is.
  watch.press('h')
  await settled()
  first.end()
  await watch.says('Keys: h: h, r: run again, q: quit\n')
  expect(pressed).toEqual([])
  for (const key of ['n', 'x', '\r', ' ', '\x1b[A', '\x1bOh']) watch.press(key)
  await settled()
  expect(pressed).toEqual([])
  watch.press('H')
  await watch.says('Keys: h: h, r: run again, q: quit\n')
  expect(pressed).toEqual(['h'])
  valid = []
  watch.press('h')
  watch.press('q')
  expect(await watch.ended).toBe(0)
  expect(pressed).toEqual(['h'])
})

test('r checks again without a save, and not while a check runs', async () => {
  const watch = watching()
  const first = await watch.starts(1)
  watch.press('r')
  await settled()
  first.end(new Problem('port 12345 is taken'))
  await watch.says('Keys: r: run again, q: quit\n')
  expect(watch.runs).toHaveLength(1)
  watch.press('r')
  ;(await watch.starts(2)).end()
  await watch.says('Keys: r: run again, q: quit\n')
})

test.each([['q', 0], ['\x03', 130]])('%j ends it, and the check that runs', async (key, code) => {
  const watch = watching()
  const first = await watch.starts(1)
  watch.press(key)
  await vi.waitUntil(() => first.signal.aborted, { timeout: 20_000 })
  expect(await Promise.race([watch.ended, settled()])).toBe('not yet')
  first.end()
  expect(await watch.ended).toBe(code)
  expect(watch.input.setRawMode.mock.calls).toEqual([[true], [false]])
})

test('without a terminal there are no keys, and a signal ends it', async () => {
  const watch = watching({ terminal: false, keys: () => keys('h') })
  ;(await watch.starts(1)).end()
  await watch.says('Waiting for the next save. Ctrl-C ends this.\n')
  expect(watch.input.setRawMode).not.toHaveBeenCalled()
  expect(watch.input.listenerCount('data')).toBe(0)
  watch.save()
  ;(await watch.starts(2)).end()
  await watch.says('Waiting')
  watch.signals.emit('SIGINT', 'SIGINT', 2)
  expect(await watch.ended).toBe(130)
})

test('what the reader can mend is one line, and it goes on', async () => {
  const watch = watching()
  ;(await watch.starts(1)).end(new Problem('port 12345 is taken', { remedy: 'Stop the program that has it.' }))
  await watch.says('port 12345 is taken. Stop the program that has it.\n\nWaiting')
  watch.save()
  ;(await watch.starts(2)).end()
  await watch.says('Waiting')
})

test('a bug of ours ends it', async () => {
  const watch = watching()
  ;(await watch.starts(1)).end(new TypeError('a bug'))
  await expect(watch.ended).rejects.toThrow('a bug')
  expect(watch.input.setRawMode.mock.calls).toEqual([[true], [false]])
})

test('a broken progress file met by a key is one line', async () => {
  const watch = watching({ keys: () => [{ key: 'h', label: 'hint', press: () => { throw new Problem('this is not JSON') } }] })
  ;(await watch.starts(1)).end()
  await watch.says('Waiting')
  watch.press('h')
  await watch.says('this is not JSON.\n\nWaiting')
})

test('where the system does not tell of saves they are looked for; where that fails too it says what to do', async () => {
  const watchers: { emitter: EventEmitter, polling: boolean }[] = []
  const watch = watching({
    watcher: (_, options) => {
      const emitter = fakeWatcher()
      watchers.push({ emitter, polling: options?.usePolling === true })
      return emitter
    },
  })
  ;(await watch.starts(1)).end()
  await watch.says('Waiting')
  const full = Object.assign(new Error('System limit for number of file watchers reached'), { code: 'ENOSPC' })
  watchers[0]?.emitter.emit('error', full)
  await watch.says('(ENOSPC: the system does not tell of saves here. Looking for them instead.)\n')
  expect(watchers.map(({ polling }) => polling)).toEqual([false, true])
  watchers[1]?.emitter.emit('all', 'change', join(watch.folder, 'server.ts'))
  ;(await watch.starts(2)).end()
  await watch.says('Waiting')
  watchers[1]?.emitter.emit('error', full)
  const told = await watch.ended.catch(String)
  expect(told).toBe('workspace/ cannot be watched here: ENOSPC. After each save, run: npm run check')
})

test.each<[string, (folder: string) => void]>([
  ['removed', folder => rmSync(folder, { recursive: true })],
  ['renamed', folder => renameSync(folder, `${folder}-old`)],
])('a folder that is %s meanwhile: one line, and it ends', async (_, change) => {
  const watch = watching({ terminal: false })
  ;(await watch.starts(1)).end()
  await watch.says('Waiting')
  change(watch.folder)
  expect(await watch.ended.catch(String))
    .toMatch(/workspace is gone, and what is saved there now would not be seen\. Put it back, then start this again\.$/)
})

test('polling sees saves too', async () => {
  vi.stubEnv('CHOKIDAR_USEPOLLING', '1')
  onTestFinished(() => { vi.unstubAllEnvs() })
  const watch = watching()
  ;(await watch.starts(1)).end()
  await watch.says('Waiting')
  watch.save()
  ;(await watch.starts(2)).end()
  await watch.says('--- server.ts changed, ')
})

test('several files saved within 200 ms are one save', async () => {
  vi.useFakeTimers()
  onTestFinished(() => { vi.useRealTimers() })
  const emitter = fakeWatcher()
  const watch = watching({ watcher: () => emitter })
  await vi.advanceTimersByTimeAsync(1)
  watch.runs[0]?.end()
  await vi.advanceTimersByTimeAsync(1000)
  watch.save('client.ts')
  const save = (name: string) => emitter.emit('all', 'change', join(watch.folder, name))
  save('server.ts')
  await vi.advanceTimersByTimeAsync(199)
  save('client.ts')
  save('server.ts')
  await vi.advanceTimersByTimeAsync(199)
  expect(watch.runs).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(1)
  expect(watch.runs).toHaveLength(2)
  expect(watch.printed()).toContain('--- server.ts, client.ts changed, ')
})

/** Stands in the place of chokidar: it is ready, and tells what the test makes it tell. */
function fakeWatcher() {
  const emitter = Object.assign(new EventEmitter(), { close: () => Promise.resolve() })
  process.nextTick(() => emitter.emit('ready'))
  return emitter as EventEmitter & ReturnType<Watcher>
}

/** Some turns of the event loop: what is going to happen without waiting has happened. */
async function settled(): Promise<string> {
  for (let count = 0; count < 20; count++) await new Promise(resolve => setImmediate(resolve))
  return 'not yet'
}
