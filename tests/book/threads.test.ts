import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { examiners } from '../support/examiners.ts'
import { ROOT } from '../support/command.ts'

const { check, programs } = examiners()

const FOLDER = join(ROOT, 'code/11-threads')
const THROW = 'throw new Error(\'there is nothing to stamp\')'
const WORKER = 'new URL(\'./stamp-worker.ts\', import.meta.url)'

/** Lesson 11's program, whose threads die in another way: what its table says of the events. */
const DEATHS: readonly [how: string, death: string, worker: string][] = [
  ['by process.exit', 'process.exit(3)', WORKER],
  ['with its heap full', '{ const all: number[][] = []; for (;;) all.push(Array(1e5).fill(1)) }',
    `${WORKER}, { resourceLimits: { maxOldGenerationSizeMb: 64 } }`],
]

test.concurrent.each(DEATHS)('a thread that dies %s is heard of and replaced', async (_, death, worker) => {
  const files = Object.fromEntries(readdirSync(FOLDER).map(name => [name, readFileSync(join(FOLDER, name), 'utf8')]))
  const changed = {
    ...files,
    'stamp.ts': files['stamp.ts']?.replace(THROW, death) ?? '',
    'pool.ts': files['pool.ts']?.replace(WORKER, worker) ?? '',
  }
  expect(changed['stamp.ts']).toContain(death)
  expect(changed['pool.ts']).toContain(worker)
  const { verdicts } = await check(11, programs(changed), { until: 'stamp-crash', patience: 5 })
  expect(verdicts.filter(({ status }) => status === 'failed')).toEqual([])
  expect(verdicts.at(-1)).toMatchObject({ id: 'stamp-crash', status: 'held' })
})
