import { change } from '#workbook/check/change.ts'
import type { Mistake } from '#workbook/check/explain/mistake.ts'
import type { Situation } from '#workbook/check/explain/situation.ts'
import { refusesChunks, refusesFields, refusesFraming, wantsALength } from '../refusals.ts'

const BOTH = '    if (length !== undefined) throw bad(\'a length and a transfer coding\')\n'
const OLD = '    if (version === \'HTTP/1.0\') throw bad(\'HTTP/1.0 has no transfer coding\')\n'
const TESTED = '  if (!/^\\d{1,15}$/.test(length)) throw bad(\'a length is a number of bytes\')\n'
const LENGTH = 'const length = fields.get(\'content-length\')'

/** Where a body ends. */
export const framing: readonly Mistake[] = [
  {
    id: 'believes-the-length',
    of: [refusesFraming],
    find: of => isTaken(of, /^a length and a transfer coding/) && of.received.includes('15 bytes')
      ? 'your server believes Content-Length where both fields are there; a front that believes the chunks sees another end, and what lies between is a stolen request. Refuse a request that has both'
      : undefined,
    wrong: [{ breaks: refusesFraming, program: [change('framing.ts', 'if (coding !== undefined) {', 'if (coding !== undefined && length === undefined) {')] }],
  },
  {
    id: 'believes-the-coding',
    of: [refusesFraming],
    find: of => isTaken(of, /^a length and a transfer coding/)
      ? 'your server believes Transfer-Encoding where both fields are there, as the last lesson\'s did, and that is what the attacker counted on: refuse a request that has both'
      : undefined,
    wrong: [{ breaks: refusesFraming, program: [change('framing.ts', BOTH, '')] }],
  },
  {
    id: 'trims-what-is-no-blank',
    of: [refusesFraming, refusesFields],
    find: of => isTaken(of, /(?:'\\x0b|byte 0b)/i)
      ? 'trim() and \\s take away a vertical tab, the byte 0b, and HTTP does not: your server reads a field that another program reads otherwise'
      : undefined,
    wrong: [{ breaks: refusesFraming, program: [change('fields.ts', 'const [value = \'\'] = VALUE.exec(line.slice(colon + 1)) ?? []', 'const value = line.slice(colon + 1).trim()')] }],
  },
  {
    id: 'a-length-that-is-no-number',
    of: [refusesFraming],
    find: of => isTaken(of, /^a length of /)
      ? 'your server makes a number of whatever it finds, with parseInt or Number, and another program makes another one of it: test the whole text first, which is digits and nothing else'
      : undefined,
    wrong: [
      { name: 'parse-int', breaks: refusesFraming, program: [change('framing.ts', TESTED, '')] },
      { name: 'half-tested', breaks: refusesFraming, program: [change('framing.ts', '/^\\d{1,15}$/', '/\\d{1,15}$/')] },
    ],
  },
  {
    id: 'one-of-two-lengths',
    of: [refusesFraming],
    find: of => isTaken(of, /^two lengths that differ/)
      ? 'there are two lengths, and your server has picked one: the program in front of it may pick the other. Refuse the request'
      : undefined,
    wrong: [
      { name: 'the-first', breaks: refusesFraming, program: [change('framing.ts', LENGTH, `${LENGTH}?.split(',')[0]`)] },
      { name: 'the-last', breaks: refusesFraming, program: [change('framing.ts', LENGTH, `${LENGTH}?.split(', ').at(-1)`)] },
    ],
  },
  {
    id: 'chunks-for-an-old-version',
    of: [refusesFraming],
    find: of => isTaken(of, /^a transfer coding in HTTP\/1\.0/)
      ? 'HTTP/1.0 knows no transfer codings: a program in front that speaks it sees no chunks, and another end of the body'
      : undefined,
    wrong: [{ breaks: refusesFraming, program: [change('framing.ts', OLD, '')] }],
  },
  {
    id: 'any-coding-with-chunked-in-it',
    of: [refusesFraming],
    find: of => isTaken(of, /^a Transfer-Encoding of /)
      ? 'your server looks for the word "chunked" somewhere in Transfer-Encoding: the whole value has to be that word, or the body is coded in a way that you cannot read'
      : undefined,
    wrong: [{ breaks: refusesFraming, program: [change('framing.ts', 'coding === \'chunked\'', 'coding.includes(\'chunked\')')] }],
  },
  {
    id: 'no-length-is-no-body',
    of: [wantsALength],
    find: of => isTaken(of, /without a length/)
      ? 'a POST without a length is taken for one without a body: 411 tells the client what is missing'
      : undefined,
    wrong: [{ breaks: wantsALength, program: [change('framing.ts', 'if (!NEEDS_LENGTH.includes(method)) return 0', 'if (method) return 0')] }],
  },
  {
    id: 'expects-nothing',
    of: [wantsALength],
    find: ({ reason }) => reason.startsWith('an Expect of "rain"')
      ? 'your server knows one expectation, 100-continue, and passes over any other: 417 says that it cannot meet it'
      : undefined,
    wrong: [{ breaks: wantsALength, program: [change('request-body.ts', 'if (expected !== undefined && expected.toLowerCase() !== \'100-continue\') {', 'if (expected === \'\') {')] }],
  },
  {
    id: 'a-size-that-is-no-number',
    of: [refusesChunks],
    find: of => isTaken(of, /^a chunk whose size is written '\+5'/)
      ? 'parseInt takes a sign, blanks and 0x, and a chunk\'s size has none of them: test all of the line before you make a number of it'
      : undefined,
    wrong: [{ breaks: refusesChunks, program: [change('bodies.ts', '  = /^([\\da-f]{1,12})([ \\t]*;[ \\t]*[\\w!#$%&\'*+.^`|~-][\\t -~]*)?$/i', '  = /^([^;]+)(;.*)?$/i')] }],
  },
  {
    id: 'trailers-unread',
    of: [refusesChunks],
    find: of => isTaken(of, /^a trailer /)
      ? 'trailers are fields like those in the head, from the same stranger, and your server doesn\'t look at them: parseFields does'
      : undefined,
    wrong: [{ breaks: refusesChunks, program: [change('bodies.ts', 'const names = [...parseFields(trailers).keys()]', 'const names = trailers')] }],
  },
]

/** Whether a request was answered with 200 that should have been refused. */
export function isTaken({ reason }: Situation, what: RegExp): boolean {
  return /: it should be answered with the status 4\d\d|: it should be answered with the status 50[15]/.test(reason)
    && /, and is with 'HTTP\/1\.1 2\d\d/.test(reason) && what.test(reason)
}
