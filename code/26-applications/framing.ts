import { BAD_REQUEST, NOT_IMPLEMENTED, Refusal } from './refusal.ts'
import type { Request } from './request.ts'

const NEEDS_LENGTH = ['POST', 'PUT', 'PATCH']

export function lengthOf(request: Request): number | 'chunked' {
  const { method, version, fields } = request
  const coding = fields.get('transfer-encoding')?.toLowerCase()
  const length = fields.get('content-length')
  if (coding !== undefined) {
    if (length !== undefined) throw bad('a length and a transfer coding')
    if (version === 'HTTP/1.0') throw bad('HTTP/1.0 has no transfer coding')
    if (coding === 'chunked') return 'chunked'
    if (!/[, \t]chunked$/.test(coding)) throw bad('the last coding is chunked')
    throw new Refusal(NOT_IMPLEMENTED, 'the only transfer coding is chunked')
  }
  if (length === undefined) {
    if (!NEEDS_LENGTH.includes(method)) return 0
    throw new Refusal('411 Length Required', `a ${method} says its length`)
  }
  if (!/^\d{1,15}$/.test(length)) throw bad('a length is a number of bytes')
  return Number.parseInt(length, 10)
}

function bad(message: string): Refusal {
  return new Refusal(BAD_REQUEST, message)
}
