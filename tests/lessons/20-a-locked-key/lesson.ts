import { lesson } from '#workbook/check/lesson.ts'
import { behaviours } from './behaviours.ts'
import { exercises } from './exercises.ts'
import { mistakes } from './mistakes.ts'
import { behaviours as renewing } from './renewing.ts'

export default lesson({
  papers: ['server', 'authority', 'locked'],
  behaviours: [...behaviours, ...renewing],
  exercises,
  mistakes,
  measured: { verdicts: [] },
})
