import { lesson } from '#workbook/check/lesson.ts'
import { behaviours } from './behaviours.ts'
import { behaviours as withTools } from './tools.ts'
import { exercises } from './exercises.ts'
import { mistakes } from './mistakes.ts'

export default lesson({
  speaks: 'tls',
  findsPapers: true,
  behaviours: [...behaviours, ...withTools],
  exercises,
  mistakes,
  measured: { verdicts: [], TLS: ['--max-connections', '100000'] },
})
