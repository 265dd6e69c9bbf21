import { Refusal } from './incoming.ts'

const LENGTH = /^\d{1,15}$/
const CHUNK_SIZE = /^([\da-f]{1,12})(?:[ \t]*;.*)?$/i

export function lengthIn(value: string): number {
  if (!LENGTH.test(value)) throw new Refusal('a length is a number of bytes')
  return Number.parseInt(value, 10)
}

export function chunkSizeIn(line: string): number {
  const [, digits] = CHUNK_SIZE.exec(line) ?? []
  if (!digits) throw new Refusal('a chunk begins with its size')
  return Number.parseInt(digits, 16)
}
