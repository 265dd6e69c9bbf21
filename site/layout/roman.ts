const STEPS: readonly [number, string][] = [[10, 'X'], [9, 'IX'], [5, 'V'], [4, 'IV'], [1, 'I']]

/** A number of a part as books write it: 4 is IV. */
export function roman(number: number): string {
  for (const [value, sign] of STEPS) {
    if (number >= value) return sign + roman(number - value)
  }
  return ''
}
