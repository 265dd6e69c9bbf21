import { createHash } from 'node:crypto'
import { inspect } from 'node:util'
import type { Peer } from '#workbook/check/client/peer.ts'
import { Failure } from '#workbook/check/explain/failure.ts'
import { DEADLINES, PORT } from '#workbook/check/setting.ts'
import { getMore, page } from '../22-a-request/page.ts'
import {
  chunkedAnswer, CHUNKED, expectBody, expectStatus, inChunks, LAST_CHUNK, postMore,
} from '../23-bodies/wire.ts'
import { endsThere, response, type Response } from '../shared/http.ts'

/** A request, and how its answer is waited for: several of them may be sent in one piece. */
export interface Asked {
  wire: Buffer
  /** @throws Failure when another answer comes, or none */
  answered(peer: Peer): Promise<Response>
}

/** A GET whose page shows this target. */
export function aPage(target: string, ...fields: string[]): Asked {
  return { wire: Buffer.from(getMore(target, ...fields)), answered: peer => pageOf(peer, target) }
}

/** A HEAD: nothing may follow the head. */
export function aHead(target: string, ...fields: string[]): Asked {
  return {
    wire: Buffer.from(getMore(target, ...fields).replace('GET', 'HEAD')),
    answered: peer => answer(peer, `HEAD ${target}`, 200, true),
  }
}

/** A GET whose answer has no body. */
export function aStatus(target: '/empty' | '/same', ...fields: string[]): Asked {
  const status = target === '/empty' ? 204 : 304
  return { wire: Buffer.from(getMore(target, ...fields)), answered: peer => answer(peer, `GET ${target}`, status) }
}

/** A body to be counted. */
export function aCount(body: Buffer, ...fields: string[]): Asked {
  const wanted = `${body.length} bytes, sha-256 ${createHash('sha256').update(body).digest('hex')}`
  return {
    wire: Buffer.concat([postMore('/count', `Content-Length: ${body.length}`, ...fields), body]),
    async answered(peer) {
      const came = await answer(peer, `a POST of ${body.length} bytes to /count`, 200)
      const said = came.body.toString().trim()
      if (said !== wanted) throw new Failure('other', `the answer to a POST to /count should be ${inspect(wanted)}, and is ${inspect(said.slice(0, 100))}`, { peer, received: came.bytes })
      return came
    },
  }
}

/** A body in chunks, to be sent back. */
export function anEcho(body: Buffer, ...fields: string[]): Asked {
  return {
    wire: Buffer.concat([postMore('/echo', CHUNKED, ...fields), inChunks(body, [3]), LAST_CHUNK]),
    async answered(peer) {
      const came = await chunkedAnswer(peer, 'a POST to /echo')
      expectBody(peer, came, body, 'a body to /echo')
      return came
    },
  }
}

/** Waits for the page of this target. @throws Failure when it is that of another one */
export async function pageOf(peer: Peer, target: string): Promise<Response> {
  const came = await page(peer)
  const text = came.body.toString()
  if (text.includes(`${target} `) || text.includes(`${target}<`)) return came
  const [, other = 'no target'] = /\b(?:GET|POST|HEAD) (\S+) HTTP/.exec(text) ?? []
  throw new Failure('other', `GET ${target} should get its page, and gets the page of ${inspect(other)}`, { peer, received: came.bytes })
}

/** Sends these in one piece, and expects their answers in the same order; the connection stays. */
export async function answersAll(peer: Peer, all: readonly Asked[]): Promise<void> {
  await peer.send(Buffer.concat(all.map(({ wire }) => wire)))
  for (const { answered } of all) expectStays(peer, await answered(peer))
}

/** @throws Failure when the answer says that the connection ends behind it */
export function expectStays(peer: Peer, came: Response): void {
  if (!saysClose(came)) return
  throw new Failure('other', 'nobody has asked for the end of the connection, and the answer says "Connection: close"', { peer, received: came.bytes })
}

/** How long to wait for an end, as a Peer takes it: in five seconds it would come by itself. */
export function soon({ patience }: Peer): number {
  return Math.min(DEADLINES.silence, BEFORE_IDLE / patience)
}

/** Expects that the connection ends now, and not because nothing more has come. @throws Failure when it stays */
export async function endsNow(peer: Peer, after: Response): Promise<void> {
  await endsThere(peer, after, soon(peer))
}

export function saysClose({ fields }: Response): boolean {
  return (fields.get('connection') ?? '').toLowerCase().split(',').some(option => option.trim() === 'close')
}

/** @throws Failure when the answer does not say that the connection ends behind it */
export function expectSaysClose(peer: Peer, came: Response, what: string): void {
  if (saysClose(came)) return
  const said = came.fields.get('connection')
  throw new Failure('other', `${what} should say "Connection: close", and ${said === undefined ? 'has no Connection' : `says ${inspect(`Connection: ${said}`)}`}`, {
    peer, received: came.bytes,
  })
}

/** The command that sends these in one piece. */
export function typed(...requests: string[]): string {
  return `printf %b ${requests.map(request => `'${request}'`).join(' \\\n  ')} \\\n  | nc -N 127.0.0.1 ${PORT}`
}

/** A request as printf takes it, short enough for a line. */
export function short(target: string, ...fields: string[]): string {
  return [`GET ${target} HTTP/1.1`, 'Host: a', ...fields, '', ''].join('\\r\\n')
}

async function answer(peer: Peer, what: string, status: number, head = false): Promise<Response> {
  const came = await response(peer, { head })
  expectStatus(peer, came, status, what)
  return came
}

// In milliseconds.
const BEFORE_IDLE = 3500
