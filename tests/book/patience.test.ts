import { expect, test } from 'vitest'
import { patienceFor } from '../../scripts/workbook/machine/patience.ts'

test.each([
  [0, 1], [1, 1], [1.4, 1], [1.6, 2], [2.15, 2], [2.91, 3], [200, 5],
])('where a program takes %f times as long as alone we wait %i times as long', (slowdown, patience) => {
  expect(patienceFor(slowdown)).toBe(patience)
})
