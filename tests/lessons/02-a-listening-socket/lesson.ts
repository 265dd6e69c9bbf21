import { lesson } from '#workbook/check/lesson.ts'
import { behaviours } from './behaviours.ts'
import { exercises } from './exercises.ts'

export default lesson({
  async ready({ serve, connect }) {
    await serve()
    await connect()
  },
  behaviours,
  exercises,
})
