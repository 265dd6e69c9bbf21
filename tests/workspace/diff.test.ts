import { expect, test } from 'vitest'
import { Random } from '../../scripts/workbook/check/client/random.ts'
import { hunksBetween, type Hunk } from '../../scripts/workbook/workspace/diff.ts'

const shown = (hunks: Hunk[] | undefined) =>
  hunks?.map(({ head, lines }) => [head, ...lines.map(({ sign, text }) => sign + text)])

test('a hunk has three lines around what differs, and counts as diff -u does', () => {
  const first = ['1', '2', '3', '4', '5', '6', '7', '8'].join('\n')
  expect(shown(hunksBetween(first, first.replace('5', 'five\nfive and a half')))).toEqual([
    ['@@ -2,7 +2,8 @@', ' 2', ' 3', ' 4', '-5', '+five', '+five and a half', ' 6', ' 7', ' 8'],
  ])
  expect(shown(hunksBetween('', 'one\ntwo\n'))).toEqual([['@@ -0,0 +1,2 @@', '+one', '+two']])
  expect(shown(hunksBetween('one\n', ''))).toEqual([['@@ -1 +0,0 @@', '-one']])
})

test.each([
  ['the same', 'a\nb\n', 'a\nb\n'],
  ['no newline at the end', 'a\nb', 'a\nb\n'],
  ['lines that end as on Windows', 'a\r\nb\r\n', 'a\nb\n'],
  ['a mark before the first line', '\uFEFFa\n', 'a\n'],
  ['tabs for blanks', 'if (a) {\n\tb()\n}\n', 'if (a) {\n  b()\n}\n'],
  ['another width of indentation', 'if (a) {\n    b()\n}\n', 'if (a) {\n  b()\n}\n'],
  ['semicolons and quotation marks', 'const a = "b";\n', 'const a = \'b\'\n'],
  ['a comma after the last of several', 'f({\n  a,\n})', 'f({\n  a\n})'],
])('form is no difference: %s', (_, first, second) => {
  expect(hunksBetween(first, second)).toEqual([])
})

test('what would steer a terminal is escaped', () => {
  expect(shown(hunksBetween('a\x1b[2Jb\x07\n', ''))).toEqual([['@@ -1 +0,0 @@', '-a\\x1b[2Jb\\x07']])
})

// With seeded random files: the hunks say all of the difference, and nothing else.
test('from one file and the hunks the other one can be made', () => {
  const random = new Random(12345)
  const words = ['a', 'b', 'c', 'd', 'e', '']
  const file = () => Array.from({ length: random.next() % 40 }, () => words[random.next() % words.length] ?? '')
  for (let count = 0; count < 500; count++) {
    const first = [...file(), 'end']
    const second = [...file(), 'end']
    const hunks = hunksBetween(first.join('\n'), second.join('\n')) ?? []
    expect(applied(first, hunks)).toEqual(second)
  }
})

function applied(first: string[], hunks: Hunk[]): string[] {
  const made: string[] = []
  let at = 0
  for (const { head, lines } of hunks) {
    const [, from = '0', length = '1', to = '0', newLength = '1'] = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@$/.exec(head) ?? []
    const start = Number(from) - (length === '0' ? 0 : 1)
    made.push(...first.slice(at, start))
    expect(made).toHaveLength(Number(to) - (newLength === '0' ? 0 : 1))
    const old = lines.filter(({ sign }) => sign !== '+').map(({ text }) => text)
    expect(old).toEqual(first.slice(start, start + Number(length)))
    made.push(...lines.filter(({ sign }) => sign !== '-').map(({ text }) => text))
    at = start + Number(length)
  }
  return [...made, ...first.slice(at)]
}
