import { lesson } from '#workbook/check/lesson.ts'
import { behaviours } from './behaviours.ts'
import { exercises } from './exercises.ts'
import { mistakes } from './mistakes.ts'
import { unusual } from './unusual.ts'

export default lesson({
  behaviours,
  exercises,
  mistakes,
  unusual,
  measured: { 'a web server with applications': [] },
})
