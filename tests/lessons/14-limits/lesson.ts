import { lesson } from '#workbook/check/lesson.ts'
import { behaviours } from './behaviours.ts'
import { exercises } from './exercises.ts'
import { mistakes } from './mistakes.ts'

export default lesson({
  // It turns clients away, and some stories of earlier lessons bring hundreds.
  serving: ['--max-connections', '1000'],
  behaviours,
  exercises,
  mistakes,
  measured: { verdicts: [], 'slow readers': ['--max-connections', '100000', '--timeout', '86400'] },
})
