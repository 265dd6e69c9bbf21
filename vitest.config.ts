import { defineConfig } from 'vitest/config'
import { canIsolate } from './scripts/workbook/machine/isolate.ts'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/support/examiners/pool.ts'],
    // The lessons share port 12345. Where each child can have a network of its own, files run side by side (three
    // workers on two cores: most of the time they wait for an examiner); elsewhere one after another.
    maxWorkers: canIsolate() ? 3 : 1,
    fileParallelism: canIsolate(),
    // The examiners do as many at once as is good for them: pool.ts.
    maxConcurrency: 3,
    // What else happens on CI's machine is nobody's mistake: what fails is asked once more.
    retry: process.env.CI === 'true' ? 1 : 0,
    // Bounds what hangs. What holds takes far less; every child has deadlines of its own. Proofs wait for an examiner,
    // and that is on their clock.
    testTimeout: process.env.CI === 'true' ? 900_000 : 240_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } },
  },
})
