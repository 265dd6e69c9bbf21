import { lesson } from '#workbook/check/lesson.ts'
import { behaviours } from './behaviours.ts'
import { exercises } from './exercises.ts'
import { mistakes, unusual } from './mistakes.ts'
import { get, page } from './page.ts'

export default lesson({
  // It speaks HTTP, which the program of lesson 21 does not.
  begins: 'http-server',
  keeps: [],
  async ready({ serve, connect }) {
    await serve()
    const peer = await connect()
    await peer.send(get('/'))
    await page(peer)
  },
  behaviours,
  exercises,
  mistakes,
  unusual,
  measured: { 'a web server for one request': [] },
})
