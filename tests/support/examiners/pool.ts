import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { TestProject } from 'vitest/node'
import { compiled } from '../../../scripts/workbook/start/typescript/compile-cache.mjs'
import { canIsolate, isolated } from '../../../scripts/workbook/machine/isolate.ts'
import { ROOT } from '../command.ts'
import type { Answer, Job } from './examiner.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where the one pool of examiners of a run listens. */
    examiners: string
  }
}

const SOURCE = join(import.meta.dirname, 'examiner.ts')

// A check has lanes of its own, and so does more than one thing at a time. More of them would starve each other, and
// what starves is asked again.
const MOST = canIsolate() ? availableParallelism() : 1

/**
 * The examiners of a whole run of vitest: however many files want checks at once, so many are done at once, each in a
 * network of its own. Workers reach them through a socket.
 */
export default function setup(project: TestProject): () => Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'port-12345-pool-'))
  const address = process.platform === 'win32' ? `\\\\.\\pipe\\port-12345-pool-${process.pid}` : join(folder, 'pool')
  const papers = join(folder, 'papers')
  const idle: ChildProcess[] = []
  const all: ChildProcess[] = []
  const waiting: (() => void)[] = []
  const sockets = new Set<Socket>()
  const compiling = compiled(SOURCE)

  async function take(): Promise<ChildProcess> {
    const script = await compiling
    for (;;) {
      const child = idle.pop()
      if (child?.connected) return child
      if (child) all.splice(all.indexOf(child), 1)
      else if (all.length < MOST) return start(script, papers, all)
      else await new Promise<void>(resolve => waiting.push(resolve))
    }
  }

  async function ask(job: Job): Promise<Answer> {
    const child = await take()
    const over = new AbortController()
    const { signal } = over
    try {
      child.send(job)
      return await Promise.race([
        once(child, 'message', { signal }).then(([answer]) => answer as Answer),
        once(child, 'exit', { signal }).then(([code]) => ({ bug: `an examiner ended (${code})` })),
      ])
    } catch (error) {
      return { bug: String(error) }
    } finally {
      over.abort()
      idle.push(child)
      waiting.shift()?.()
    }
  }

  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    createInterface(socket).on('line', line => {
      const { id, job } = JSON.parse(line) as { id: number, job: Job }
      void ask(job).then(answer => socket.write(`${JSON.stringify({ id, answer })}\n`))
    })
  }).listen(address)
  project.provide('examiners', address)

  return async () => {
    server.close()
    for (const socket of sockets) socket.destroy()
    await Promise.all(all.map(async child => {
      if (!child.connected) return
      const gone = once(child, 'exit')
      child.disconnect()
      await gone
    }))
    rmSync(folder, { recursive: true, force: true })
  }
}

function start(made: string | undefined, papers: string, all: ChildProcess[]): ChildProcess {
  const script = made === undefined ? ['--import', 'tsx', SOURCE] : [made]
  const [file = '', ...args] = isolated([process.execPath, ...script, papers])
  const child = spawn(file, args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  child.setMaxListeners(0)
  all.push(child)
  return child
}
