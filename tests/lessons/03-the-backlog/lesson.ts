import { lesson } from '#workbook/check/lesson.ts'
import { behaviours } from './behaviours.ts'

export default lesson({
  behaviours,
})
