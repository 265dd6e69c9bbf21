import { change } from '#workbook/check/change.ts'
import { lesson } from '#workbook/check/lesson.ts'
import { behaviours, saysWhenItStops } from './behaviours.ts'
import { exercises } from './exercises.ts'
import { mistakes } from './mistakes.ts'

export default lesson({
  behaviours,
  exercises,
  mistakes,
  wrong: [{
    name: 'says-twice-that-it-listens',
    breaks: saysWhenItStops,
    says: 'your program prints "Listening on 127.0.0.1:12345" 2 times',
    program: [change('server.ts', '\n  return sock', '\n  console.log(\'Listening on 127.0.0.1:12345\')\n  return sock')],
  }, {
    name: 'never-says-that-it-has-stopped',
    breaks: saysWhenItStops,
    says: 'your program should print the line "Stopped"',
    program: [change('server.ts', '\n  console.log(\'Stopped\')', '')],
  }, {
    name: 'says-twice-that-nobody-gets-in',
    breaks: saysWhenItStops,
    says: 'your program prints "SIGTERM: no new clients, 1 may finish" 2 times',
    program: [change('server.ts', '\n    sock.close()', '\n    sock.close()\n    console.log(`${signal}: no new clients, ${clients.size} may finish`)')],
  }, {
    name: 'says-too-soon-that-it-has-stopped',
    breaks: saysWhenItStops,
    says: 'your program says that it has stopped, and a client is still there',
    program: [change('server.ts', '\n    sock.close()', '\n    sock.close()\n    setTimeout(() => console.log(\'Stopped\'), 1)')],
  }, {
    name: 'lets-somebody-in-all-the-same',
    breaks: saysWhenItStops,
    says: 'your program says that it takes no new clients, and one got in after that',
    program: [change('server.ts', '\n    sock.close()', '\n    setTimeout(() => sock.close(), 300)')],
  }],
  measured: {
    verdicts: [],
    'echo servers': ['--max-connections', '100000'],
    'slow readers': ['--max-connections', '100000', '--timeout', '86400'],
    'TLS, its plain yardstick': ['--max-connections', '100000'],
  },
})
