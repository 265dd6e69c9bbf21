import { expect, test } from 'vitest'
import { fillIn, fits } from '../../scripts/workbook/experiment/match.ts'

test('a line must be the same, but for blanks at its end', () => {
  expect(fits('Hello', 'Hello  ', new Map())).toBe(true)
  expect(fits('Hello', 'Hallo', new Map())).toBe(false)
  expect(fits('a.b', 'axb', new Map())).toBe(false)
})

test('a name stands for one word, the same one everywhere', () => {
  const values = new Map<string, string>()
  expect(fits('from 127.0.0.1:<port>', 'from 127.0.0.1:49743', values)).toBe(true)
  expect(values.get('port')).toBe('49743')
  expect(fits('port <port>', 'port 49744', values)).toBe(false)
  expect(fits('port <port>', 'port 49743', values)).toBe(true)
  expect(fits('<a> <a>', '1 2', new Map())).toBe(false)
  expect(fits('<a> <a>', '1 1', new Map())).toBe(true)
  expect(fillIn('kill <port> <other>', values)).toBe('kill 49743 <other>')
})

test('a line that does not fit leaves no name behind', () => {
  const values = new Map<string, string>()
  expect(fits('<a> x', '1 y', values)).toBe(false)
  expect(values.size).toBe(0)
})

test('two blanks stand for a column, one blank for itself, … for anything', () => {
  expect(fits('LISTEN  0  5', 'LISTEN 0      5', new Map())).toBe(true)
  expect(fits('a b', 'a  b', new Map())).toBe(false)
  expect(fits('Port:…', 'Port:Process', new Map())).toBe(true)
  expect(fits('\\<port>', '<port>', new Map())).toBe(true)
})
