import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { CONTENT } from '../lessons/index.ts'
import { change, writeVariant } from '../../scripts/workbook/check/change.ts'
import { ROOT } from '../support/command.ts'
import { examiners } from '../support/examiners/examiners.ts'

const { type } = examiners()
const folder = mkdtempSync(join(tmpdir(), 'port-12345-variant-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('a wrong program by its name: where it is, and its report', async () => {
  const { code, stdout } = await type('6 --of wrong:no-such-event/drain --patience 3')
  expect(code).toBe(1)
  expect(stdout).toMatch(/^The program is in \.cache\/wrong\/no-such-event-drain\.\n/)
  expect(stdout).toContain('node --import tsx .cache/wrong/no-such-event-drain/server.ts')
  expect(stdout).toMatch(/ -- --of wrong:no-such-event\/drain --seed \d+\n$/)
  expect(readFileSync(join(ROOT, '.cache/wrong/no-such-event-drain/server.ts'), 'utf8')).toContain('\'drian\'')
})

test('without a lesson it is checked with its own', async () => {
  const { stdout } = await type('--of wrong:prints-nothing --patience 3')
  expect(stdout).toMatch(/\nLesson 2: /)
})

test('a name that none has: the nearest, and exit code 2', async () => {
  expect(await type('6 --of wrong:bytes-as-txt')).toEqual(expect.objectContaining({
    code: 2, stdout: '', stderr: 'there is no wrong program "bytes-as-txt". Did you mean "bytes-as-text"?\n',
  }))
  expect(await type('6 --of solution:xyz')).toMatchObject({ code: 2, stderr: expect.stringMatching(/^there is no solution "xyz"/) })
})

test('every change is found once in the book\'s program; one that is not fails with its own place', () => {
  const base = (lesson: number) => join(ROOT, 'code', CONTENT.lessons.find(({ number }) => number === lesson)?.folder ?? '')
  for (const { lesson, program } of CONTENT.wrong) writeVariant(base(lesson), program, folder)
  const lost = change('server.ts', 'what nobody has written', '')
  expect(() => writeVariant(base(6), [lost], folder)).toThrow('server.ts has "what nobody has written" 0 times, and should have it once')
  try {
    writeVariant(base(6), [lost], folder)
  } catch (error) {
    expect(((error as Error).cause as Error).stack).toContain('named-program.test.ts')
  }
})
