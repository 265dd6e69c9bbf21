import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../support/command.ts'
import { examiners } from '../support/examiners/examiners.ts'

const { check, programs } = examiners()
const PROGRAM = join(ROOT, 'code/10-a-shared-counter')

test('a program finds no files of its folder where it is started, and leaves none there', async () => {
  const sources = Object.fromEntries(readdirSync(PROGRAM).map(name => [name, readFileSync(join(PROGRAM, name), 'utf8')]))
  // A count of another day, which belongs to the reader.
  const folder = programs({ ...sources, 'messages.txt': '500\n' })
  const before = readdirSync(folder).sort()
  const { failure } = await check(10, folder, { until: 'whole-numbers' })
  expect(failure).toBe(undefined)
  expect(readFileSync(join(folder, 'messages.txt'), 'utf8')).toBe('500\n')
  expect(readdirSync(folder).sort()).toEqual(before)
})
