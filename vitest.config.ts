import { defineConfig } from 'vitest/config'
import { canIsolate } from './scripts/workbook/machine/isolate.ts'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // The lessons share port 12345. Where each child can have a network of its own, files run side by
    // side (four workers on two cores: most of the time they wait); elsewhere one after another. In CI
    // nobody waits, everything has to be proved, and some of it needs a processor at the right moment.
    maxWorkers: canIsolate() ? process.env.CI === 'true' ? 2 : 4 : 1,
    fileParallelism: canIsolate(),
    maxConcurrency: 4,
    // Bounds what hangs. What holds takes far less; every child has deadlines of its own.
    testTimeout: 120_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } },
  },
})
