import { lesson } from '#workbook/check/lesson.ts'
import { behaviours } from './behaviours.ts'
import { exercises } from './exercises.ts'
import { mistakes } from './mistakes.ts'

export default lesson({
  papers: ['server'],
  behaviours,
  exercises,
  mistakes,
  measured: { verdicts: [] },
})
