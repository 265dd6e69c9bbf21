import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { filesIn, memoryIn } from './memory.ts'

// Of the suite that this is part of, CI or not.
beforeEach(() => void vi.stubEnv('CI', ''))
afterEach(() => vi.unstubAllEnvs())

function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'port-12345-memory-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const noted: string[] = []
  const around = { machine: 'this one' }
  const remember = memoryIn(folder, { note: what => void noted.push(what), common: () => around.machine })
  /** A test that asks for something made from these ingredients, and how it ends. */
  async function ask(ingredients: string[], state: 'pass' | 'fail' = 'pass', outcome: unknown = { asked: 'anew' }) {
    const finished: ((context: never) => void)[] = []
    const run = vi.fn(async () => outcome)
    const context = { onTestFinished: (after: (context: never) => void) => void finished.push(after) }
    const got = await remember(context as never, 'a proof', ingredients, run)
    for (const after of finished) after({ task: { result: { state } } } as never)
    return { got, ran: run.mock.calls.length === 1 }
  }
  return { folder, noted, around, ask }
}

test('what held is not run again while its ingredients are the same', async () => {
  const { noted, ask } = setUp()
  expect(await ask(['a', 'b'], 'pass', { verdicts: [1] })).toEqual({ got: { verdicts: [1] }, ran: true })
  expect(await ask(['a', 'b'])).toEqual({ got: { verdicts: [1] }, ran: false })
  expect(noted).toEqual(['a proof'])
})

test('another ingredient, or another machine, and it is run', async () => {
  const { around, ask } = setUp()
  await ask(['a', 'b'])
  expect((await ask(['a', 'c'])).ran).toBe(true)
  // No two lists are taken for one.
  expect((await ask(['ab', ''])).ran).toBe(true)
  around.machine = 'another'
  expect((await ask(['a', 'b'])).ran).toBe(true)
})

test('of a test that fails nothing is remembered', async () => {
  const { folder, ask } = setUp()
  await ask(['a'], 'fail')
  expect(readdirSync(folder)).toEqual([])
  expect((await ask(['a'])).ran).toBe(true)
})

test('with CI=true everything is run, and nothing is kept', async () => {
  const { folder, noted, ask } = setUp()
  await ask(['a'])
  vi.stubEnv('CI', 'true')
  expect((await ask(['a'])).ran).toBe(true)
  expect((await ask(['b'])).ran).toBe(true)
  expect(readdirSync(folder)).toHaveLength(1)
  expect(noted).toEqual([])
})

test('what was half written is run again', async () => {
  const { folder, ask } = setUp()
  await ask(['a'])
  for (const name of readdirSync(folder)) writeFileSync(join(folder, name), '{"what":')
  expect((await ask(['a'])).ran).toBe(true)
  expect((await ask(['a'])).ran).toBe(false)
})

test('the files of a folder are told by their names and contents, in one order', () => {
  const { folder } = setUp()
  mkdirSync(join(folder, 'in'))
  mkdirSync(join(folder, 'bench'))
  for (const [name, text] of [['b.ts', '2'], ['a.ts', '1'], ['in/c.ts', '3'], ['bench/d.ts', '4']] as const) {
    writeFileSync(join(folder, name), text)
  }
  expect(filesIn(folder, ['bench'])).toEqual(['a.ts', '1', 'b.ts', '2', join('in', 'c.ts'), '3'])
})
