import { test } from 'vitest'
import { CONTENT } from '../lessons/index.ts'
import { filesIn, remembered } from '../support/memory.ts'
import { notProved } from '../support/not-proved.ts'
import { canCheck } from '../support/papers.ts'
import { examiners } from '../support/examiners/examiners.ts'
import { inWhole } from '../support/whole.ts'

const { check, variant } = examiners()

const UNUSUAL = CONTENT.lessons.flatMap(({ number: lesson, unusual }) => unusual.map(one => ({ ...one, lesson })))
const PROVABLE = UNUSUAL.filter(({ lesson }) => canCheck(lesson, 'the unusual programs'))

const LEFT = !inWhole('right programs that few would write')

test.skipIf(LEFT).concurrent.for(PROVABLE)('lesson $lesson: $name', async ({ name, lesson, program, holds }, context) => {
  const { expect } = context
  const folder = variant(lesson, program)
  for (const only of holds?.map(({ id }) => id) ?? [undefined]) {
    const { verdicts } = await remembered(context, `${only ?? 'all'} of ${name}`, filesIn(folder), () =>
      check(lesson, folder, { only, patience: 5 }))
    expect(verdicts.filter(({ status }) => status === 'failed')).toEqual([])
    for (const { id, status, reason } of verdicts) if (status === 'not proved') notProved(`${id} of ${name}: ${reason}`)
  }
})
