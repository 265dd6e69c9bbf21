import { Refusal } from './incoming.ts'

export type Request = ReturnType<typeof parseRequest>

const REQUEST_LINE = /^([^ ]+) ([^ ]+) (HTTP\/1\.[01])$/

export function parseRequest(head: string) {
  const [first = '', ...lines] = head.split('\r\n')
  const [, method, target, version] = REQUEST_LINE.exec(first) ?? []
  if (!method || !target || !version) {
    throw new Refusal('a request begins with METHOD TARGET HTTP/1.1')
  }
  return { method, target, version, fields: parseFields(lines) }
}

function parseFields(lines: string[]): Map<string, string> {
  const fields = new Map<string, string>()
  for (const line of lines) {
    const colon = line.indexOf(':')
    if (colon < 1) throw new Refusal('a field is NAME: VALUE')
    const name = line.slice(0, colon).toLowerCase()
    const [value = ''] = VALUE.exec(line.slice(colon + 1)) ?? []
    const before = fields.get(name)
    fields.set(name, before === undefined ? value : `${before}, ${value}`)
  }
  return fields
}

// From the first character that isn't white space to the last such one.
const VALUE = /[^ \t](.*[^ \t])?/s
