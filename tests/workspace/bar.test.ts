import { expect, test } from 'vitest'
import { bar } from '../../scripts/workbook/progress/bar.ts'

test.each([
  [0, 7, 12, '[----------]'],
  [1, 7, 12, '[>---------]'],
  [3, 7, 12, '[###>------]'],
  [7, 7, 12, '[##########]'],
  [9, 7, 12, '[##########]'],
  [0, 0, 12, '[----------]'],
  [1, 45, 12, '[----------]'],
  [1, 2, 2, '[]'],
])('%i of %i in %i columns', (done, all, columns, text) => {
  expect(bar(done, all, columns)).toBe(text)
})

test('it is as wide as it should be, and is full only when all is done', () => {
  for (let columns = 3; columns < 90; columns++) {
    for (let done = 0; done <= 45; done++) {
      const text = bar(done, 45, columns)
      expect(text).toHaveLength(columns)
      expect(/^\[#+\]$/.test(text)).toBe(done === 45)
    }
  }
})
