import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { isolated } from '../../scripts/workbook/machine/isolate.ts'
import { PROJECT_ROOT } from '../../scripts/workbook/project.ts'

export const ROOT = PROJECT_ROOT
export const BOOK = join(ROOT, 'tests/fixtures/commands-book')
export const RUN = join(ROOT, 'scripts/run.mjs')
const FIXTURE = join(ROOT, 'tests/commands/launch-fixture.mjs')
// For what hangs: on a machine with a lot to do, what does not may take twenty seconds.
const DEADLINE_MS = 60_000

export interface Ended {
  stdout: string
  stderr: string
  code: number | null
  signal: NodeJS.Signals | null
}

export interface Options {
  stdin?: string | Buffer
  env?: NodeJS.ProcessEnv
  cwd?: string
}

/** A command line of a command of the workbook, with another project root if one is given. */
export function command(args: readonly string[], root?: string): string[] {
  return [process.execPath, ...(root === undefined ? [RUN] : [FIXTURE, root]), ...args]
}

/** Starts a program in a process group of its own, which ends with the test at the latest. */
export function start(argv: readonly string[], { stdin, env, cwd = ROOT }: Options = {}): Started {
  const [file = '', ...args] = argv
  const child = spawn(file, args, { cwd, env: { ...process.env, ...env }, detached: true })
  const kill = (signal: NodeJS.Signals) => signalGroup(child.pid ?? NaN, signal)
  onTestFinished(() => kill('SIGKILL'))
  const timer = setTimeout(kill, DEADLINE_MS, 'SIGKILL')
  child.stdin.on('error', () => {})
  if (stdin !== undefined) child.stdin.end(stdin)
  const printed: Buffer[] = []
  const complained: Buffer[] = []
  child.stdout.on('data', chunk => printed.push(chunk))
  child.stderr.on('data', chunk => complained.push(chunk))
  const ended = once(child, 'close').then(([code, signal]) => {
    clearTimeout(timer)
    return { stdout: String(Buffer.concat(printed)), stderr: String(Buffer.concat(complained)), code, signal }
  })
  const seen = () => String(Buffer.concat([...printed, ...complained]))
  return {
    child,
    ended,
    bytes: () => Buffer.concat(printed),
    kill,
    sees: words => waitFor(child, () => seen().includes(words), seen),
  }
}

export interface Started {
  child: ChildProcess & { stdin: NodeJS.WritableStream }
  ended: Promise<Ended>
  /** What it has printed so far, not decoded. */
  bytes: () => Buffer
  /** Signals the whole process group, as a terminal does for Ctrl-C. */
  kill: (signal: NodeJS.Signals) => void
  /** Waits until the program has printed these words. */
  sees: (words: string) => Promise<void>
}

async function waitFor(child: ChildProcess, ready: () => boolean, shown: () => string): Promise<void> {
  while (!ready()) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`it ended; it printed: ${shown()}`)
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}

/** Runs a program to its end. */
export function run(argv: readonly string[], options: Options = {}): Promise<Ended> {
  return start(argv, { stdin: '', ...options }).ended
}

/** A folder with these files in it that is gone after the test. */
export function folder(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'port-12345-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  for (const [name, content] of Object.entries({ 'package.json': '{"type":"module"}', ...files })) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), content)
  }
  return root
}

/** A port that nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/**
 * Runs a command of the workbook in a network of its own, and kills its whole process group when
 * it ends, or the test does.
 * @param args as behind `npm run`: `['try', '6', '--json']`
 */
export async function workbook(args: readonly string[], options: { root?: string } = {}): Promise<Omit<Ended, 'signal'>> {
  const root = options.root ?? ROOT
  const [file = '', ...rest] = isolated([process.execPath, join(root, 'scripts/run.mjs'), ...args])
  const child = spawn(file, rest, { cwd: root, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const kill = () => signalGroup(child.pid ?? NaN, 'SIGKILL')
  // A test that runs out of time does not come back here; its worker ends all the same.
  process.once('exit', kill)
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => stdout += text)
  child.stderr.setEncoding('utf8').on('data', (text: string) => stderr += text)
  const code = await new Promise<number | null>(resolve => child.on('close', resolve))
  kill()
  process.off('exit', kill)
  return { code, stdout, stderr }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch {
    // Everybody in the group has ended already.
  }
}
