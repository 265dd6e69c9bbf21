import { change } from '#workbook/check/change.ts'
import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { outlivesACrowd } from '../crowd.ts'
import { endsSlowBodies, endsSlowHeads, ownTimeIsFree, waitsForBodies, waitsForHeads } from '../deadlines.ts'
import { answerSurvives, limitsExtensions, refusesLargeBodies, refusesLongRequests } from '../limits.ts'

const HEAD_TIME = '      incoming.waitAtMost(LIMITS.headTime)\n'
const SPENT = 'this.left -= performance.now() - since'

/** What is too much, or too slow. */
export const timing: readonly Mistake[] = [
  {
    id: 'room-for-each-line',
    of: [refusesLongRequests],
    find: ({ reason }) => /^(?:fields|trailers) of 18 KiB/.test(reason)
      ? 'each line may be 16 KiB here, and 16 KiB are for all of them: take what a line needs from the room that the next one has'
      : undefined,
    wrong: [{ breaks: refusesLongRequests, program: [change('fields.ts', '    room -= line.length + 2\n', ''), change('fields.ts', 'for (let room', 'for (const room')] }],
  },
  {
    id: 'any-number-of-fields',
    of: [refusesLongRequests],
    find: ({ reason }) => /^101 (?:fields|trailers)/.test(reason)
      ? 'your server takes any number of fields, if they are short: each of them costs more memory than its letters'
      : undefined,
    wrong: [{ breaks: refusesLongRequests, program: [change('fields.ts', 'lines.length > LIMITS.fieldCount', 'lines.length > Infinity')] }],
  },
  {
    id: 'one-limit-for-the-head',
    of: [refusesLongRequests],
    find: ({ reason }) => reason.startsWith('a request line ')
      ? 'a request line has a limit of its own, 8 KiB, and a status of its own, 414'
      : undefined,
    wrong: [
      { name: 'line', breaks: refusesLongRequests, program: [change('request.ts', 'LIMITS.requestLine', 'LIMITS.fields')] },
      { name: 'status', breaks: refusesLongRequests, program: [change('request.ts', ', \'414 URI Too Long\'', '')] },
    ],
  },
  {
    id: 'extensions-without-a-limit',
    of: [limitsExtensions],
    find: ({ reason }) => reason.startsWith('chunk extensions of 30 KB')
      ? 'each extension is short, and there may be any number of them: a body of a few bytes keeps your server reading for ever. Count them all together'
      : undefined,
    wrong: [{ breaks: limitsExtensions, program: [change('bodies.ts', '    room -= extension.length\n', ''), change('bodies.ts', 'for (let room', 'for (const room')] }],
  },
  {
    id: 'a-length-without-a-limit',
    of: [refusesLargeBodies],
    find: ({ reason, mute }) => mute && reason.startsWith('a length of ')
      ? 'the head says that the body is too long, and your server waits for the body all the same: look at the length before you read'
      : undefined,
    wrong: [{ breaks: refusesLargeBodies, program: [change('request-body.ts', '    if (this.left !== Infinity && this.left > most) throw tooLarge(most)\n', '')] }],
  },
  {
    id: 'asks-for-too-much',
    of: [refusesLargeBodies],
    find: ({ reason }) => /and is with 'HTTP\/1\.1 100/.test(reason)
      ? 'your server tells a client to go on, and its body is too long: decide before you say 100 Continue'
      : undefined,
    wrong: [{
      breaks: refusesLargeBodies,
      program: [
        change('request-body.ts', '    if (this.left !== Infinity && this.left > most) throw tooLarge(most)\n', ''),
        change('request-body.ts', '    this.isWanted = true\n', '    if (this.left !== Infinity && this.left > most) throw tooLarge(most)\n    this.isWanted = true\n'),
      ],
    }],
  },
  {
    id: 'chunks-without-a-limit',
    of: [refusesLargeBodies],
    find: ({ reason }) => reason.startsWith('1 MiB and a byte in chunks')
      ? 'a body in chunks has no length that could be too large, so it has to be counted as it comes'
      : undefined,
    wrong: [{ breaks: refusesLargeBodies, program: [change('request-body.ts', '    if (this.room < 0) throw tooLarge(this.most)\n', '')] }],
  },
  {
    id: 'the-answer-is-erased',
    of: [answerSurvives],
    find: ({ kind, reason }) => kind === 'broke' || reason.includes('does not read on')
      ? 'your server refuses and closes while the client still sends: what arrives at a closed socket is answered with an RST, and that erases the 413 on its way. End your side, and read on for a second'
      : undefined,
    wrong: [{
      breaks: answerSurvives, races: true,
      program: [change('listen.ts', '  conn.removeAllListeners(\'readable\').resume()\n  setTimeout(() => conn.destroy(), LINGER)\n', '  conn.destroy()\n'), change('listen.ts', 'const LINGER = 1000\n', '')],
    }],
  },
  {
    id: 'time-for-each-byte',
    of: [endsSlowHeads, endsSlowBodies],
    find: ({ kind }) => kind === 'stays-open'
      ? 'every byte gives the client its ten seconds back, and one byte each second keeps the connection for ever, as slowloris does: what was waited has to be taken from what is left'
      : undefined,
    wrong: [
      { breaks: endsSlowHeads, program: [change('budget.ts', SPENT, 'this.left -= since - since')] },
      {
        name: 'of-a-body', breaks: endsSlowBodies,
        program: [change('budget.ts', 'this.left = Math.min(this.left + bytes / this.bytesPerMs, this.most)', 'if (this.bytesPerMs !== Infinity && bytes > 0) this.left = this.most')],
      },
    ],
  },
  {
    id: 'no-time-of-its-own',
    of: [endsSlowHeads],
    find: ({ reason }) => /told so after [4-7]\.\d s, and it may take 10/.test(reason)
      ? 'a head has no time of its own here: it has what is left of the five seconds for which your server waits between requests'
      : undefined,
    wrong: [{ breaks: endsSlowHeads, program: [change('server.ts', HEAD_TIME, '')] }],
  },
  {
    id: 'a-deadline-for-the-connection',
    of: [waitsForHeads],
    find: ({ kind }) => kind === 'closed'
      ? 'the first request was served, and the second had only what the first left of its time: a connection may stay for as long as requests come, and each head has ten seconds'
      : undefined,
    wrong: [{
      breaks: waitsForHeads,
      program: [change('server.ts', '  conn.setNoDelay(true)\n', '  conn.setNoDelay(true)\n  setTimeout(() => conn.destroy(), 11_000)\n')],
    }],
  },
  {
    id: 'earns-nothing',
    of: [waitsForBodies],
    find: ({ reason }) => /and is with|is answered with 'HTTP\/1\.1 408/.test(reason)
      ? 'ten seconds are all that a body gets here, however fast it comes, and over a slow line no large body would ever arrive: bytes that come have to earn some time'
      : undefined,
    wrong: [{ breaks: waitsForBodies, program: [change('incoming.ts', '    this.budget.earn(piece.length)\n', '')] }],
  },
  {
    id: 'blames-the-client',
    of: [ownTimeIsFree],
    find: ({ kind }) => kind === 'other'
      ? 'a timeout of the socket ends a connection on which nothing moves, and here it was your own server that did not read: measure only while you wait for the client\'s next piece'
      : undefined,
    wrong: [{
      breaks: ownTimeIsFree,
      program: [change('server.ts', '  conn.setNoDelay(true)\n', '  conn.setNoDelay(true)\n  conn.setTimeout(LIMITS.bodyTime + 1000, () => conn.destroy())\n')],
    }],
  },
  {
    id: 'dies-of-a-reset',
    of: [outlivesACrowd],
    find: ({ kind, program }) => kind === 'ended' || kind === 'died' || program?.running === false
      ? 'a client was reset in the middle of its request, and your whole server has ended: what goes wrong on one connection is caught in its own handler'
      : undefined,
    wrong: [{ breaks: outlivesACrowd, races: true, program: [change('listen.ts', '      if (!code) throw error\n      console.log(`Lost ${peer}: ${code}`)\n', '      throw new Error(`Lost ${peer}: ${code}`)\n')] }],
  },
]
