import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { typescript } from '../../../scripts/bench/support/child.ts'
import { Guardian } from '../../../scripts/workbook/check/program/guardian.ts'
import { waitForListening } from '../../../scripts/workbook/machine/listening.ts'
import { memoryOf } from '../../../scripts/workbook/machine/sockets.ts'
import { ask, type Outcome } from './seen.ts'

const PROBE = join(import.meta.dirname, 'probe-app.ts')
const PORT = 12345

export interface Opened {
  /** What it has resident, in bytes; 0 where nobody knows. */
  memory(): number
  /** Whether it is still there. */
  runs(): boolean
  /** What it has printed. */
  lines(): string[]
  close(): void
}

/** A server that can be asked, until it is closed. */
export interface Asked extends Opened {
  ask(pieces: readonly Buffer[]): Promise<Outcome>
}

/** A server of the book, on port 12345 of this network, until it is closed, or this process is gone. */
export async function openServer(folder: string, ...args: string[]): Promise<Opened> {
  const [file = '', ...words] = typescript(join(folder, 'server.ts'), ...args)
  const child = spawn(file, words, { detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
  const guardian = new Guardian()
  if (child.pid !== undefined) guardian.watch(child.pid)
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => printed += text)
  if (!await waitForListening(PORT, 60_000, () => child.exitCode !== null)) throw new Error('the server does not listen')
  return {
    memory: () => memoryOf(child.pid ?? 0) ?? 0,
    runs: () => child.exitCode === null && child.signalCode === null,
    lines: () => printed.split('\n'),
    close: () => guardian.dismiss(),
  }
}

/** The same with an application that tells what it has seen. */
export async function ours(folder: string): Promise<Asked> {
  const opened = await openServer(folder, '127.0.0.1', PROBE)
  return { ...opened, ask: pieces => ask(PORT, pieces) }
}

/** A request that Node's parser has found: what its body was is known only where it came to its end. */
export interface Found {
  method: string
  target: string
  body?: string
}

/** What Node's server found on one connection; Outcome.seen is of no use there. */
export type NodesOutcome = Omit<Outcome, 'seen'> & { found: Found[] }

/**
 * Node's own server, in this process. What it has found is told by its parser and not by its answers: where it refuses
 * a request, answers to those before it that are not written yet are lost.
 */
export async function nodesOwn(): Promise<{ ask(pieces: readonly Buffer[]): Promise<NodesOutcome>, close(): void }> {
  const found = new Map<number, Found[]>()
  const server = createServer((request, response) => {
    const one: Found = { method: request.method ?? '', target: request.url ?? '' }
    const all = found.get(request.socket.remotePort ?? 0)
    if (all) all.push(one)
    else found.set(request.socket.remotePort ?? 0, [one])
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece)).on('error', () => {}).on('end', () => {
      one.body = Buffer.concat(pieces).toString('base64')
      response.setHeader('x-seen', 'all').setHeader('content-length', 0).end()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    async ask(pieces) {
      const { localPort, seen: _, ...outcome } = await ask(port, pieces)
      const all = found.get(localPort) ?? []
      found.delete(localPort)
      return { ...outcome, found: all }
    },
    close: () => server.close().closeAllConnections(),
  }
}
