import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Problem } from '../../workbook/problem.ts'
import { PROJECT_ROOT } from '../../workbook/project.ts'

/** In milliseconds. What is measured takes far less: this bounds what hangs. */
const DEADLINE = 600_000

const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
const LAUNCHER = new URL('../../workbook/start/launch.mjs', import.meta.url).href

const running = new Set<ChildProcess>()
// A bench that is interrupted takes what it started with it.
process.on('exit', () => running.forEach(child => tell(child, 'SIGTERM')))

/** The command line of a program in TypeScript. */
export function typescript(file: string, ...args: string[]): string[] {
  return [process.execPath, '--import', TSX, file, ...args]
}

/** The command line of `npm run COMMAND` without npm, for the project at `root`. */
export function commandIn(root: string, command: string, ...args: string[]): string[] {
  if (root === PROJECT_ROOT) return [process.execPath, join(root, 'scripts/run.mjs'), command, ...args]
  const program = `import { launch } from ${JSON.stringify(LAUNCHER)}\n`
    + `launch(${JSON.stringify(command)}, ${JSON.stringify(args)}, ${JSON.stringify({ root })})`
  return [process.execPath, '--input-type=module', '-e', program]
}

/** Starts a program in a process group of its own, which ends with this process at the latest. */
export function start(argv: readonly string[]): ChildProcess {
  const [file = '', ...args] = argv
  const child = spawn(file, args, { cwd: PROJECT_ROOT, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  child.on('error', () => running.delete(child))
  return child
}

/** Ends a program and all it started, and waits until it is gone. */
export async function stop(child: ChildProcess): Promise<void> {
  tell(child, 'SIGKILL')
  running.delete(child)
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}

/**
 * Runs a program to its end.
 * @returns how long it took from its start, and what it printed
 * @throws Problem with what it said, when it fails
 */
export async function run(argv: readonly string[]): Promise<{ ms: number, stdout: string }> {
  const begin = performance.now()
  const child = start(argv)
  const timer = setTimeout(tell, DEADLINE, child, 'SIGKILL')
  let stdout = ''
  let stderr = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => stdout += text)
  child.stderr?.setEncoding('utf8').on('data', (text: string) => stderr += text)
  let ms = NaN
  child.on('exit', () => ms = performance.now() - begin)
  const [code, signal] = await once(child, 'close') as [number | null, string | null]
  clearTimeout(timer)
  await stop(child)
  if (code !== 0) {
    const said = stderr.trim() || stdout.trim()
    throw new Problem(`${argv.join(' ')} ended with ${code ?? signal}, and the bench with it${said && `:\n${said}\n`}`)
  }
  return { ms, stdout }
}

/** Signals a program's whole group: what it left behind counts as its own. */
function tell(child: ChildProcess, name: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, name)
  } catch {
    // Everybody in it has ended already.
  }
}
