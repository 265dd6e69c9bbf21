import { lesson } from '#workbook/check/lesson.ts'
import { announced } from '../shared/announced.ts'
import { behaviours } from './behaviours.ts'
import { exercises } from './exercises.ts'

export default lesson({
  async ready(world) {
    await announced(world, await world.serve())
  },
  behaviours,
  exercises,
})
