import { lesson } from '#workbook/check/lesson.ts'
import { behaviours } from './behaviours.ts'
import { exercises } from './exercises.ts'
import { mistakes, unusual } from './mistakes.ts'

export default lesson({
  behaviours,
  exercises,
  mistakes,
  unusual,
})
