import { expect, test } from 'vitest'
import { patienceFor } from '../../scripts/workbook/machine/patience.ts'

test.each([
  [0, 2, 1], [1.02, 2, 1], [3.2, 2, 2], [4.3, 2, 2], [5.82, 2, 3], [400, 2, 5], [3.99, 64, 1],
])('a load of %f on %i processors: %i times as long', (load, processors, patience) => {
  expect(patienceFor(load, processors)).toBe(patience)
})
