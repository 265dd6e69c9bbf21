import { expect, test } from 'vitest'
import { fill } from '../../scripts/workbook/workspace/page.ts'

test('the lines of a paragraph are joined before they are broken', () => {
  const text = 'Let your client talk to the server of the last lesson. A chunk is not an answer.\nHow does a client '
    + 'know?\n\nA second\nparagraph.'
  expect(fill(text, 60)).toBe(`Let your client talk to the server of the last lesson. A
chunk is not an answer. How does a client know?

A second paragraph.`)
})

test('the items of a list begin lines, and hang', () => {
  expect(fill('Two things:\n- the first\n  goes on for some\n  time\n- the second\n\n1. one', 24)).toBe(`Two things:
- the first goes on for
  some time
- the second

1. one`)
})

test('code stays as it is, however wide', () => {
  const code = '    const a  =  await once(conn, \'drain\')\n    conn.end()'
  const fenced = '```ts\nfor (;;) {}\n\nconn.write(\'a  b\') // and on it goes\n```'
  expect(fill(`Look\nhere:\n\n${code}\n\nand\nthere:\n${fenced}\nthe end\nof it`, 24))
    .toBe(`Look here:\n\n${code}\n\nand there:\n${fenced}\nthe end of it`)
})
