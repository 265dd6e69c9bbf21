import type { Quantity, Unit } from './part.ts'

/** The middle one, or what lies between the two in the middle. */
export function median(samples: readonly number[]): number {
  if (samples.length === 0) throw new RangeError('there is no median of nothing')
  const sorted = [...samples].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** The median of samples, which it keeps. */
export function quantity(unit: Unit, samples: readonly number[]): Quantity {
  return { unit, value: median(samples), samples }
}

/**
 * How many times `b` the thing `a` takes. Each run is divided by its own neighbour and the median taken
 * of that: what else the machine did meanwhile slowed both of a pair, but not every pair alike. So it
 * can differ a little from one median divided by the other.
 */
export function ratio(a: Quantity, b: Quantity): Quantity {
  return quantity('ratio', pairs(a, b).map(([one, other]) => one / other))
}

/** How much more than `b` the thing `a` takes, pair by pair. */
export function difference(a: Quantity, b: Quantity): Quantity {
  return quantity(a.unit, pairs(a, b).map(([one, other]) => one - other))
}

/** What comes to each of `count` things. */
export function each({ unit, samples }: Quantity, count: number): Quantity {
  return quantity(unit, samples.map(sample => sample / count))
}

function pairs(a: Quantity, b: Quantity): [number, number][] {
  if (a.samples.length !== b.samples.length) throw new RangeError('each run needs the one beside it')
  return a.samples.map((one, index) => [one, b.samples[index]!])
}
