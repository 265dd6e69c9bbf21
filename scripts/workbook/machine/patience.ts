import { availableParallelism, loadavg } from 'node:os'

/**
 * How many times as long as usual to wait on a machine whose processors have a line in front of them.
 * A whole number, for AbortSignal.timeout() throws at a part of a millisecond.
 * @param load how many programs want to run at once, as loadavg() gives it
 */
export function patienceFor(load: number, processors: number): number {
  return Math.min(MOST, Math.max(1, Math.round(load / processors)))
}

const MOST = 5

/** How many times as long as usual to wait on this machine now. */
export function patienceNow(): number {
  return patienceFor(loadavg()[0] ?? 0, availableParallelism())
}
