import { lesson } from '#workbook/check/lesson.ts'
import { behaviours } from './behaviours.ts'
import { exercises } from './exercises.ts'
import { mistakes } from './mistakes.ts'

export default lesson({
  clientShowsPapers: true,
  papers: ['server', 'authority'],
  behaviours,
  exercises,
  mistakes,
  measured: { verdicts: [] },
})
