import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CONTENT } from '../lessons/index.ts'
import { ROOT } from '../support/command.ts'
import { filesIn, remembered } from '../support/memory.ts'
import { tooBusy } from '../support/not-proved.ts'
import { canCheck } from '../support/papers.ts'
import { roomFiles } from '../support/rooms.ts'
import { inWhole } from '../support/whole.ts'
import { examiners } from '../support/examiners/examiners.ts'

const { type, variant } = examiners()

const EXERCISES = CONTENT.lessons.flatMap(({ number: lesson, folder, exercises }) =>
  exercises.map(({ id, solution }) => ({ id, lesson, before: join(ROOT, 'code', folder), solution })))
const UNSOLVED = inWhole('that the program of a lesson does not pass its exercises')

test('every exercise has its solution', () => {
  expect(EXERCISES.filter(({ solution }) => solution === undefined).map(({ id }) => id)).toEqual([])
})

const PROVABLE = EXERCISES.filter(({ lesson }) => canCheck(lesson, 'the exercises'))

const LEFT = !inWhole('the exercises, solved')

test.skipIf(LEFT).concurrent.for(PROVABLE)('$id in lesson $lesson: solved it passes, and before it does not', async (one, context) => {
  const { expect } = context
  const { id, lesson, before, solution = [] } = one
  const [solved, unsolved] = await Promise.all([variant(lesson, solution), ...UNSOLVED ? [before] : []].map(of => {
    const words = `${lesson} --exercise ${id} --seed 7 --patience 3`
    return remembered(context, words, [...roomFiles(lesson), ...filesIn(of)], () => type(`${words} --of ${of}`))
  }))
  expect(solved, solved?.stdout).toMatchObject({ code: 0, stderr: '' })
  // What is in a file of its own is in nobody's way.
  const onlyAdds = typeof solution !== 'string' && solution.every(({ from }) => from === undefined)
  expect(solved?.stdout.includes('\nChange it back before you go on, ')).toBe(!onlyAdds)
  if (unsolved?.stdout.includes('this machine is too busy')) return tooBusy(`exercise ${id} unsolved`)
  if (UNSOLVED) expect(unsolved).toMatchObject({ code: 1, stderr: '' })
})
