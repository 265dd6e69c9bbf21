import { lesson } from '#workbook/check/lesson.ts'
import { listens, secondCopy } from '../02-a-listening-socket/behaviours.ts'
import { behaviours } from './behaviours.ts'
import { exercises } from './exercises.ts'
import { answers, message, wire } from './messages.ts'
import { mistakes } from './mistakes.ts'

export default lesson({
  // What earlier programs promised ends here.
  begins: 'http',
  keeps: [listens, secondCopy],
  async ready({ serve, connect }) {
    await serve()
    const peer = await connect()
    const hello = message('text', 'Hello')
    await peer.send(wire(hello))
    await peer.receives(answers([hello]))
  },
  behaviours,
  exercises,
  mistakes,
  measured: { framing: [] },
})
