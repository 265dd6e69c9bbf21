import { expect, test } from 'vitest'
import { diffLines } from '../../scripts/workbook/snippet/changes.ts'

const marks = (before: string, after: string) =>
  diffLines(before.split('\n'), after.split('\n')).map(({ kind, text }) => `${{ new: '+', removed: '-', same: ' ' }[kind]}${text}`)

test('a changed line is gone and new', () => {
  expect(marks('a\nb\nc', 'a\nB\nc')).toEqual([' a', '-b', '+B', ' c'])
})

test('an added function is the function, not half of two', () => {
  expect(marks('f() {\n  x\n}\n\nend', 'f() {\n  x\n}\n\ng() {\n  x\n}\n\nend'))
    .toEqual([' f() {', '   x', ' }', ' ', '+g() {', '+  x', '+}', '+', ' end'])
})

test('lines are numbered as in the new file', () => {
  expect(diffLines(['a', 'b'], ['b', 'c']).map(line => line.line)).toEqual([undefined, 1, 2])
})
