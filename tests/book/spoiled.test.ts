import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DATES, SPOILING } from '../../scripts/workbook/certs/spoiled.ts'
import { ROOT } from '../support/command.ts'

const text = readFileSync(join(ROOT, 'lessons/18-whom-do-you-trust.md'), 'utf8')

test.each(Object.entries(SPOILING))('the text of lesson 18 makes "%s" as the checker does', (_, lines) => {
  for (const line of lines) expect(text).toContain(`$ ${line}`)
})

test('the text of lesson 18 writes the configuration that the checker has', () => {
  expect(text).toContain(`$ printf '${DATES.replaceAll('\n', '\\n')}' > certs/dates.cnf`)
})
