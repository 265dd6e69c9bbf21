import type { Bench } from './part.ts'

/** Something that is done once more for each run, and says how many milliseconds it took. */
export type Job = () => Promise<number>

/**
 * Does the jobs in turn, A B A B, and never all of one before the other: what else this machine does
 * then falls on both.
 * @param options.warmUp how many rounds to do first and not count: they fill caches that are not ours
 * @param options.times how many rounds there are for each run: what is short is told from noise by many
 * @returns the samples of each job, in the order of the jobs
 */
export async function interleave(
  bench: Pick<Bench, 'runs' | 'say'>,
  what: string,
  jobs: readonly Job[],
  { warmUp = 1, times = 1 }: { warmUp?: number, times?: number } = {},
): Promise<number[][]> {
  const samples: number[][] = jobs.map(() => [])
  const last = bench.runs * times
  for (let run = 1 - warmUp; run <= last; run++) {
    bench.say(run < 1 ? `${what}: warming up` : `${what}: run ${run} of ${last}`)
    for (const [index, job] of jobs.entries()) {
      const ms = await job()
      if (run >= 1) samples[index]!.push(ms)
    }
  }
  return samples
}
