import { change } from '#workbook/check/change.ts'
import { lesson } from '#workbook/check/lesson.ts'
import { behaviours, echoLarge } from './behaviours.ts'
import { exercises } from './exercises.ts'
import { mistakes } from './mistakes.ts'

export default lesson({
  async ready({ serve, connect }) {
    await serve()
    const peer = await connect()
    await peer.send('Hello\n')
    await peer.receives('Hello\n')
  },
  behaviours,
  wrong: [{
    name: 'ends-after-9-MB',
    breaks: echoLarge,
    program: [
      change('server.ts', 'const SERVER_NAME', 'let count = 0\nconst SERVER_NAME'),
      change('server.ts', '      console.log(`Rec', '      if ((count += data.length) > 9e6) process.exit(1)\n      console.log(`Rec'),
    ],
  }],
  exercises,
  mistakes,
  measured: {
    verdicts: [],
    commands: [],
    'start of a lesson': [],
    'an echo server for one at a time': [],
  },
})
