import { inspect } from 'node:util'
import { Failure } from '#workbook/check/explain/failure.ts'
import type { World } from '#workbook/check/behaviour.ts'
import type { Peer } from '#workbook/check/client/peer.ts'
import { PORT } from '#workbook/check/setting.ts'
import { firstDifference } from '#workbook/check/client/expect.ts'
import { endsThere, response, type Response } from '../shared/http.ts'
import { seenIn } from './seen.ts'

/** The head of a POST with a Host and these fields, behind whose answer the connection ends in every lesson. */
export function post(target: string, ...fields: string[]): Buffer {
  return postMore(target, 'Connection: close', ...fields)
}

/** The same, and from lesson 24 on another request may follow. */
export function postMore(target: string, ...fields: string[]): Buffer {
  return Buffer.from([`POST ${target} HTTP/1.1`, 'Host: 127.0.0.1:12345', ...fields, '', ''].join('\r\n'))
}

/** A POST whose length is known. */
export function sizedPost(target: string, body: Buffer): Buffer {
  return Buffer.concat([post(target, `Content-Length: ${body.length}`), body])
}

/** A POST in chunks of these sizes. */
export function chunkedPost(target: string, body: Buffer, sizes: readonly number[]): Buffer {
  return Buffer.concat([post(target, CHUNKED), inChunks(body, sizes), LAST_CHUNK])
}

/** A body in chunks of these sizes, and what is left over in one more; without the last one, of size 0. */
export function inChunks(body: Buffer, sizes: readonly number[]): Buffer {
  const pieces: Buffer[] = []
  let at = 0
  for (const size of [...sizes, body.length]) {
    const piece = body.subarray(at, at + size)
    if (piece.length > 0) pieces.push(chunk(piece))
    at += piece.length
  }
  return Buffer.concat(pieces)
}

export function chunk(piece: Buffer | string, size = Buffer.from(piece).length.toString(16)): Buffer {
  return Buffer.concat([Buffer.from(`${size}\r\n`), Buffer.from(piece), Buffer.from('\r\n')])
}

/** Waits for a response 200 that has come in chunks. @throws Failure when it is another one */
export async function chunkedAnswer(peer: Peer, what: string): Promise<Response> {
  const came = await response(peer)
  expectStatus(peer, came, 200, what)
  if (came.chunks) return came
  throw new Failure('other', `${what} should be answered in chunks, with the field "Transfer-Encoding: chunked"`, { peer, received: came.bytes })
}

export function expectStatus(peer: Peer, { status, lines, bytes }: Response, wanted: number, what: string): void {
  if (status === wanted) return
  throw new Failure('other', `${what} should be answered with the status ${wanted}, and is with ${inspect(lines[0])}`, { peer, received: bytes })
}

/** @throws Failure when another body has come back */
export function expectBody(peer: Peer, { body }: Response, wanted: Buffer, what: string): void {
  if (body.equals(wanted)) return
  const at = firstDifference(body, wanted)
  throw new Failure('differs', `${what} should come back as it was sent, and ${body.length} bytes have come back for ${wanted.length}; the first that differs is number ${at + 1}`, {
    peer, received: body, expected: wanted,
  })
}

/** Expects that a body comes back, whole and in chunks, and the end behind it. */
export async function expectEcho(peer: Peer, body: Buffer, what: string): Promise<Response> {
  const came = await chunkedAnswer(peer, what)
  expectBody(peer, came, body, what)
  await endsThere(peer, came)
  return came
}

/** Sends a request on a connection of its own, and expects that the body comes back. */
export async function echoes({ connect }: World, request: Buffer, body: Buffer, what: string): Promise<Response> {
  const peer = await connect()
  await peer.send(request)
  return await expectEcho(peer, body, what)
}

/** Waits until these letters stand in the body that comes. @throws Failure with the sentence when they do not */
export async function expectMeanwhile(peer: Peer, wanted: string, sentence: string): Promise<void> {
  const since = performance.now()
  while (!seenIn(peer.pending).body.includes(wanted)) {
    const before = peer.pending.length
    if (peer.open) await peer.anything(SILENCE)
    if (peer.pending.length > before) continue
    throw new Failure(peer.open ? 'silence' : 'other', sentence, { peer, received: peer.pending, since })
  }
}

/** The command that sends a request in chunks, with what stands behind its head; each part a second after the other. */
export function typed(target: string, ...parts: string[]): string {
  const prints = parts.map(part => `printf '${part}'`).join('; sleep 1\n   ')
  return `(printf 'POST ${target} HTTP/1.1\\r\\nHost: a\\r\\n'\n   printf '${CHUNKED}\\r\\n\\r\\n'\n   ${prints}) \\\n  | nc 127.0.0.1 ${PORT}`
}

export const ECHO = `http://127.0.0.1:${PORT}/echo`
export const COUNT = `http://127.0.0.1:${PORT}/count`
export const CHUNKED = 'Transfer-Encoding: chunked'
export const LAST_CHUNK = Buffer.from('0\r\n\r\n')
// In milliseconds.
const SILENCE = 1500
