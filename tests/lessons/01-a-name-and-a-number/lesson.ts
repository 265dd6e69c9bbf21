import { lesson } from '#workbook/check/lesson.ts'
import { behaviours } from './behaviours.ts'
import { mistakes } from './mistakes.ts'

export default lesson({
  begins: 'echo',
  behaviours,
  mistakes,
})
