// Written by npm run sync.
import { join } from 'node:path'
import { contentOf } from '#workbook/check/lesson.ts'
import lesson1 from './01-a-name-and-a-number/lesson.ts'
import lesson2 from './02-a-listening-socket/lesson.ts'
import lesson3 from './03-the-backlog/lesson.ts'
import lesson4 from './04-the-accept-loop/lesson.ts'
import lesson5 from './05-a-client-handler/lesson.ts'
import lesson6 from './06-echo/lesson.ts'
import lesson7 from './07-a-client-of-our-own/lesson.ts'
import lesson8 from './08-two-at-once/lesson.ts'
import lesson9 from './09-when-a-client-vanishes/lesson.ts'
import lesson10 from './10-a-shared-counter/lesson.ts'
import lesson11 from './11-threads/lesson.ts'
import lesson12 from './12-the-command-line/lesson.ts'
import lesson13 from './13-addresses/lesson.ts'
import lesson14 from './14-limits/lesson.ts'
import lesson15 from './15-a-clean-stop/lesson.ts'
import lesson16 from './16-a-key-and-a-certificate/lesson.ts'
import lesson17 from './17-echo-over-tls/lesson.ts'
import lesson18 from './18-whom-do-you-trust/lesson.ts'
import lesson19 from './19-both-sides-show-papers/lesson.ts'
import lesson20 from './20-a-locked-key/lesson.ts'
import lesson21 from './21-messages-in-a-stream/lesson.ts'
import lesson22 from './22-a-request/lesson.ts'
import lesson23 from './23-bodies/lesson.ts'
import lesson24 from './24-one-connection-many-requests/lesson.ts'
import lesson25 from './25-saying-no/lesson.ts'
import lesson26 from './26-applications/lesson.ts'
import { shared } from './shared/mistakes/all.ts'

/** What is promised of the programs of all lessons. */
export const CONTENT = contentOf({
  '01-a-name-and-a-number': lesson1,
  '02-a-listening-socket': lesson2,
  '03-the-backlog': lesson3,
  '04-the-accept-loop': lesson4,
  '05-a-client-handler': lesson5,
  '06-echo': lesson6,
  '07-a-client-of-our-own': lesson7,
  '08-two-at-once': lesson8,
  '09-when-a-client-vanishes': lesson9,
  '10-a-shared-counter': lesson10,
  '11-threads': lesson11,
  '12-the-command-line': lesson12,
  '13-addresses': lesson13,
  '14-limits': lesson14,
  '15-a-clean-stop': lesson15,
  '16-a-key-and-a-certificate': lesson16,
  '17-echo-over-tls': lesson17,
  '18-whom-do-you-trust': lesson18,
  '19-both-sides-show-papers': lesson19,
  '20-a-locked-key': lesson20,
  '21-messages-in-a-stream': lesson21,
  '22-a-request': lesson22,
  '23-bodies': lesson23,
  '24-one-connection-many-requests': lesson24,
  '25-saying-no': lesson25,
  '26-applications': lesson26,
}, shared, join(import.meta.dirname, 'lane.ts'))
