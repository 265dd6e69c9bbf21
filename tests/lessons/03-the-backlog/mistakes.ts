import { change } from '#workbook/check/change.ts'
import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { sourceOf } from '#workbook/check/explain/situation.ts'
import { backlog } from './behaviours.ts'

/** A server that leaves the length of its queue to Node. */
export const mistakes: readonly Mistake[] = [
  {
    id: 'asks-for-511',
    of: [backlog],
    find: situation => situation.reason.startsWith('a seventh') && !sourceOf(situation).includes('backlog')
      ? 'your server names no backlog, so Node asks for 511: lessons 3 to 7 ask for 5, and from lesson 8 on it is right to leave it out'
      : undefined,
    wrong: [{ breaks: backlog, program: [change('server.ts', ', backlog: 5', '')] }],
  },
]
