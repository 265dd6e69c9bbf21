import { lesson } from '#workbook/check/lesson.ts'
import { behaviours } from './behaviours.ts'
import { mistakes } from './mistakes.ts'

export default lesson({
  behaviours,
  mistakes,
  measured: { 'echo servers': [] },
})
