import type { Incoming } from './incoming.ts'
import { LIMITS } from './limits.ts'
import { BAD_REQUEST, Refusal } from './refusal.ts'

export type Fields = ReadonlyMap<string, string>

const TOO_LARGE = '431 Request Header Fields Too Large'
// A name is made of these; a value of anything but control characters.
export const NAME = /^[!#$%&'*+\-.^_`|~\w]+$/
const TEXT = /^[\t -~\x80-\xff]*$/
// From the first character that isn't white space to the last such one.
const VALUE = /[^ \t](.*[^ \t])?/s

export async function readFieldLines(incoming: Incoming): Promise<string[]> {
  const lines: string[] = []
  for (let room = LIMITS.fields; ;) {
    const line = await incoming.line(room, TOO_LARGE)
    if (line === '') return lines
    lines.push(line)
    room -= line.length + 2
    if (lines.length > LIMITS.fieldCount) {
      throw new Refusal(TOO_LARGE, `more than ${LIMITS.fieldCount} fields`)
    }
  }
}

export function parseFields(lines: string[]): Fields {
  const fields = new Map<string, string>()
  for (const line of lines) {
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(colon, 0)).toLowerCase()
    const [value = ''] = VALUE.exec(line.slice(colon + 1)) ?? []
    if (!NAME.test(name) || !TEXT.test(value)) {
      throw new Refusal(BAD_REQUEST, 'a field is NAME: VALUE')
    }
    const before = fields.get(name)
    fields.set(name, before === undefined ? value : `${before}, ${value}`)
  }
  return fields
}
