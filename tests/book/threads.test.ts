import { describe, expect, test } from 'vitest'
import type { Verdict } from '../../scripts/workbook/behaviours/verdict.ts'
import { copyOfBook } from '../support/book.ts'
import { workbook } from '../support/command.ts'

// What lesson 11 says of threads that die.

async function check(root: string, folder: string): Promise<Verdict[]> {
  const { stdout, stderr } = await workbook(['check', '11', '--of', folder, '--json', '--bail', '--patience', '5'], { root })
  expect(stderr).toBe('')
  return stdout.split('\n').filter(Boolean).map(line => JSON.parse(line) as Verdict)
}

// One after the other: each has a copy of the book that goes when its test ends.
describe('a thread that dies', () => {
  const THROW = 'throw new Error(\'there is nothing to stamp\')'

  test.each([
    ['by process.exit', 'process.exit(3)', 'new URL(\'./stamp-worker.ts\', import.meta.url)'],
    ['with its heap full', '{ const all: number[][] = []; for (;;) all.push(Array(1e5).fill(1)) }',
      'new URL(\'./stamp-worker.ts\', import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: 64 } }'],
  ])('%s is heard of and replaced', async (_, death, worker) => {
    const { root, edit } = copyOfBook({ commands: true })
    edit('code/11-threads/stamp.ts', THROW, death)
    edit('code/11-threads/pool.ts', 'new URL(\'./stamp-worker.ts\', import.meta.url)', worker)
    const verdicts = await check(root, 'code/11-threads')
    expect(verdicts.filter(({ status }) => status === 'failed')).toEqual([])
    expect(verdicts.find(({ id }) => id === 'stamp-crash')?.status).toBe('held')
  })
})
