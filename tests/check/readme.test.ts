import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../support/command.ts'
import { room } from '../support/rooms.ts'

// What the README shows of a check is what one prints: wrong.test.ts makes the report anew each time.

const told = room(6).behaviours
const shown = [...readFileSync(join(ROOT, 'README.md'), 'utf8').matchAll(/```text\n\$ npm run check 6\n([^]*?)```/g)]
  .map(([, block = '']) => block)

test('the failing check of the README is the report on bytes that became text', () => {
  const report = readFileSync(join(ROOT, 'tests/check/reports/bytes-as-text.txt'), 'utf8')
  expect(shown[0]).toBe(`✓ ${told[0]?.title}\n${report}
Lesson 6: 1 held, 1 failed, ${told.length - 2} not run.
To run all of them: npm run check 6 -- --all
The same again: npm run check 6 -- --seed 7
`)
})

test('the passing check of the README counts what lesson 6 is told', () => {
  const lines = told.map(({ title }) => `✓ ${title}`)
  expect(shown[1]).toBe(`${[...lines.slice(0, 3), '…', lines.at(-1)].join('\n')}

Lesson 6: all ${told.length} hold.
Done. On to lesson 7: npm run next 7. Against the book's: npm run compare 6
`)
})
