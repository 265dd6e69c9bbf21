import { availableParallelism, loadavg } from 'node:os'

/**
 * How many times as long as usual to wait on a machine whose processors have a line in front of them.
 * A whole number, for AbortSignal.timeout() throws at a part of a millisecond.
 * @param slowdown how many times as long as alone a program takes there, as LoadWatch measures it
 */
export function patienceFor(slowdown: number): number {
  return Math.min(MOST, Math.max(1, Math.round(slowdown)))
}

const MOST = 5

/** The same for a machine of which nothing was measured yet, by how many programs want to run at once. */
export function patienceNow(): number {
  return patienceFor((loadavg()[0] ?? 0) / availableParallelism())
}
