import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { isolated } from '../../scripts/workbook/machine/isolate.ts'
import { PROJECT_ROOT } from '../../scripts/workbook/project.ts'

export const ROOT = PROJECT_ROOT

export interface Finished {
  code: number | null
  stdout: string
  stderr: string
}

/**
 * Runs a command of the workbook in a network of its own, and kills its whole process group when
 * it ends, or the test does.
 * @param args as behind `npm run`: `['try', '6', '--json']`
 */
export async function workbook(args: readonly string[], options: { root?: string } = {}): Promise<Finished> {
  const root = options.root ?? ROOT
  const [file = '', ...rest] = isolated([process.execPath, join(root, 'scripts/run.mjs'), ...args])
  const child = spawn(file, rest, { cwd: root, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const kill = () => {
    try {
      process.kill(-(child.pid ?? 0), 'SIGKILL')
    } catch { /* It is gone already. */ }
  }
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
