import { change } from '#workbook/check/change.ts'
import type { Unusual } from '#workbook/check/lesson.ts'
import { stampCrash } from './behaviours.ts'

const THROW = 'throw new Error(\'there is nothing to stamp\')'
const WORKER = 'new URL(\'./stamp-worker.ts\', import.meta.url)'

/** Threads that die in another way are heard of and replaced all the same, as the page's table says. */
export const unusual: readonly Unusual[] = [
  { name: 'a thread dies by process.exit', holds: [stampCrash], program: [change('stamp.ts', THROW, 'process.exit(3)')] },
  {
    name: 'a thread dies with its heap full', holds: [stampCrash],
    program: [
      change('stamp.ts', THROW, '{ const all: number[][] = []; for (;;) all.push(Array(1e5).fill(1)) }'),
      change('pool.ts', WORKER, `${WORKER}, { resourceLimits: { maxOldGenerationSizeMb: 64 } }`),
    ],
  },
]
