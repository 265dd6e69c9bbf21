import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import type { RunLine, World } from '#workbook/check/behaviour.ts'
import type { Peer } from '#workbook/check/client/peer.ts'
import { Failure } from '#workbook/check/explain/failure.ts'
import type { Program } from '#workbook/check/program/program.ts'
import { PORT, quoted } from '#workbook/check/setting.ts'
import { endsThere, expectNoExcess, response, type Asked, type Response } from '../shared/http.ts'

/** A server that listens, with an application of the checker's. */
export interface Served {
  program: Program
  connect: World['connect']
}

/**
 * Starts the server with an application, and tells a story of the two.
 * @param source a module without types, which imports nothing; its `default` is the application
 */
export async function withApp(world: World, source: string, tell: (served: Served) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'port-12345-app-'))
  try {
    const file = join(folder, 'app.mjs')
    writeFileSync(file, source)
    const program = world.start('server.ts', ['127.0.0.1', file])
    await program.listening(PORT)
    await tell({ program, connect: world.connect })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Commands with which the reader starts the server with an application, and asks it. */
export function byHand(source: string, ...asks: string[]): (run: RunLine) => readonly string[] {
  return run => [`cat >/tmp/app.mjs <<'END'\n${source.trim()}\nEND\n${run('server.ts', ['127.0.0.1', '/tmp/app.mjs'])}`, asks.join('\n')]
}

/** The URL as curl wants it. */
export function curl(target: string, options = '-i'): string {
  return `curl -s ${options} ${quoted(`http://127.0.0.1:${PORT}${target}`)}`.replace('  ', ' ')
}

/** A whole request of HTTP/1.1 that leaves the connection open. */
export function request(
  method: string, target: string, fields: readonly string[] = [], body: Buffer | string = '',
): Buffer {
  return headOf(`${method} ${target} HTTP/1.1`, ['Host: 127.0.0.1:12345', ...fields], body)
}

/** The same of HTTP/1.0. */
export function oldRequest(method: string, target: string, fields: readonly string[] = []): Buffer {
  return headOf(`${method} ${target} HTTP/1.0`, fields, '')
}

function headOf(first: string, fields: readonly string[], body: Buffer | string): Buffer {
  return Buffer.concat([Buffer.from([first, ...fields, '', ''].join('\r\n'), 'latin1'), Buffer.from(body)])
}

/** Sends a request, and waits for its answer. */
export async function ask(
  peer: Peer, method: string, target: string, fields: readonly string[] = [], body: Buffer | string = '',
): Promise<Response> {
  await peer.send(request(method, target, fields, body))
  return await response(peer, { head: method === 'HEAD' })
}

/** Asks on a connection of its own. */
export async function askOnce(
  { connect }: Served,
  ...asked: readonly [method: string, target: string, fields?: readonly string[], body?: Buffer | string]
): Promise<{ peer: Peer, came: Response }> {
  const peer = await connect()
  return { peer, came: await ask(peer, ...asked) }
}

/** What an application has answered as JSON. @throws Failure when it is another answer */
export function jsonIn(peer: Peer, came: Response, what: string): unknown {
  expectStatus(peer, came, 200, what)
  const text = came.body.toString()
  try {
    return JSON.parse(text)
  } catch {
    throw new Failure('other', `${what} should be answered with JSON, and ${inspect(text.slice(-40))} is no end of any`, { peer, received: came.bytes })
  }
}

export function expectStatus(peer: Peer, { status, lines, bytes }: Response, wanted: number, what: string): void {
  if (status === wanted) return
  throw new Failure('other', `${what} should be answered with the status ${wanted}, and is with ${inspect(lines[0])}`, { peer, received: bytes })
}

/** @throws Failure when a value is another than the one that it should be */
export function expectSame(peer: Peer, found: unknown, wanted: unknown, what: string): void {
  const shown = { breakLength: Infinity, depth: 4, maxStringLength: 80 }
  const [is, should] = [found, wanted].map(value => inspect(value, shown))
  if (is !== should) throw new Failure('other', `${what} should be ${should}, and is ${is}`, { peer })
}

/** Expects a whole answer with this status, and that the connection ends behind it. */
export async function expectRefusal(peer: Peer, wanted: number, what: string, asked: Asked = {}): Promise<Response> {
  const came = await response(peer, asked)
  expectStatus(peer, came, wanted, what)
  if (came.fields.get('connection')?.toLowerCase() !== 'close') {
    throw new Failure('other', `${what} is answered with ${wanted} and without the field "Connection: close"`, { peer, received: came.bytes })
  }
  await endsThere(peer, came)
  return came
}

/** Expects that the connection is where it should be: it answers one more request. */
export async function expectServes(peer: Peer, before: Response, target = '/ok'): Promise<void> {
  expectNoExcess(peer, before)
  const came = await ask(peer, 'GET', target)
  expectStatus(peer, came, 200, `the request behind it, GET ${target},`)
}

/** Expects that the server answers a client that comes now. */
export async function expectNextServed(served: Served, behind: string, target = '/ok'): Promise<void> {
  const { peer, came } = await askOnce(served, 'GET', target)
  expectStatus(peer, came, 200, `the client behind ${behind}`)
  if (!served.program.running) throw new Failure('ended', 'your program ended', { program: served.program })
}
