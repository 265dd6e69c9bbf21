import { inspect } from 'node:util'
import type { AnswerBody, Headers, Response } from './contract.ts'
import { Body, BodyIter, ChunkedBody, ChunkedBodyIter } from './wrappers.ts'

const NAME = /^[!#$%&'*+\-.^_`|~\da-z]+$/
const TEXT = /^[\t -~\x80-\xff]*$/
const LENGTHS = ['content-length', 'transfer-encoding']
const OURS = ['connection', 'date', 'keep-alive', 'upgrade']

export function checked(response: Response, method: string): Response {
  if (!Array.isArray(response) || response.length !== 4) {
    throw wrong('a response is [status, reason, headers, body]', response)
  }
  const [status, reason, headers, body] = response as Response
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    throw wrong('a status is a number from 200 to 599', status)
  }
  if (typeof reason !== 'string' || !TEXT.test(reason)) {
    throw wrong('a reason is a line of text', reason)
  }
  checkHeaders(headers)
  const isBodiless = method === 'HEAD' || status === 204 || status === 304
  if (isBodiless && body !== null) {
    const whose = method === 'HEAD' ? method : status
    throw wrong(`the body for ${whose} is null`, body)
  }
  checkLength(headers, isBodiless ? undefined : lengthOfBody(body))
  if (status === 204 && LENGTHS.some(name => name in headers)) {
    throw wrong('204 has neither a length nor a coding', headers)
  }
  return response
}

export function lengthOfBody(body: AnswerBody | null): number | 'chunked' {
  if (body === null) return 0
  if (body instanceof ChunkedBody || body instanceof ChunkedBodyIter) {
    return 'chunked'
  }
  const isSized = body instanceof Body || body instanceof BodyIter
  if (!isSized && !(body instanceof Uint8Array)) {
    throw wrong('a body is null, bytes, or in one of the four wrappers', body)
  }
  if (Number.isSafeInteger(body.length) && body.length >= 0) return body.length
  throw wrong('a length is a number of bytes', body.length)
}

function checkHeaders(headers: Headers): void {
  if (typeof headers !== 'object' || headers === null) {
    throw wrong('headers are an object', headers)
  }
  for (const [name, value] of Object.entries(headers)) {
    if (!NAME.test(name)) throw wrong('a name is in small letters', name)
    if (OURS.includes(name)) throw wrong('this field is the server\'s', name)
    const isText = typeof value === 'string' && TEXT.test(value)
    if (!isText && !Number.isInteger(value)) {
      throw wrong('a value is a number or a line of text', value)
    }
  }
}

function checkLength(headers: Headers, length?: number | 'chunked'): void {
  const said = headers['content-length']
  const coding = headers['transfer-encoding']
  if (coding !== undefined && coding !== 'chunked') {
    throw wrong('the only transfer-encoding is chunked', coding)
  }
  if (said !== undefined && coding !== undefined) {
    throw wrong('a length and a transfer-encoding', headers)
  }
  if (said !== undefined && !/^\d{1,15}$/.test(String(said))) {
    throw wrong('a content-length is a number of bytes', said)
  }
  if (length === undefined) return
  if (coding !== undefined && length !== 'chunked') {
    throw wrong('this body has a length, and isn\'t chunked', coding)
  }
  if (said !== undefined && Number(said) !== length) {
    throw wrong(`the content-length of this body is ${length}`, said)
  }
}

export function wrong(rule: string, found: unknown): Error {
  return new TypeError(`${rule}, not ${inspect(found, { depth: 0 })}`)
}
