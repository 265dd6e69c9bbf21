import { change } from '#workbook/check/change.ts'
import { lesson } from '#workbook/check/lesson.ts'
import { behaviours, listens } from './behaviours.ts'
import { exercises } from './exercises.ts'
import { mistakes } from './mistakes.ts'

export default lesson({
  async ready({ serve, connect }) {
    await serve()
    await connect()
  },
  behaviours,
  wrong: [{
    name: 'ends-at-its-first-client',
    breaks: listens,
    says: 'your program ended when a client came',
    program: [change('server.ts', 'createServer()', 'createServer(() => process.exit(1))')],
  }, {
    name: 'has-a-door-for-one',
    breaks: listens,
    says: 'nothing listens on 127.0.0.1 port 12345',
    program: [change('server.ts', 'const sock = createServer()', 'const sock = createServer(() => sock.close())')],
  }, {
    name: 'computes-for-ever',
    breaks: listens,
    says: 'the kernel has taken a call for your program',
    program: [change('server.ts', '  return sock', '  setTimeout(() => { for (;;); }, 1)\n  return sock')],
  }],
  exercises,
  mistakes,
})
