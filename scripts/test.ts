import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { PROJECT_ROOT } from './workbook/run-program.ts'
import { findTool, installCommand, TOOLS } from './workbook/tools.ts'

/** What reads the project without running it. It takes a processor while the tests wait for theirs. */
const READERS = [
  { name: 'types', args: ['node_modules/typescript/bin/tsc', '--noEmit'] },
  { name: 'types of the browser code', args: ['node_modules/typescript/bin/tsc', '--noEmit', '-p', 'site/client'] },
  { name: 'form of code and text', args: ['node_modules/eslint/bin/eslint.js', '.'] },
]

/**
 * `npm test`: everything that can be proved on this machine. What could not be is said in the last
 * lines, with the command that installs what is missing; with CI=true it is a failure.
 * Arguments go to vitest, and then nothing else is run.
 */
export async function main(argv: string[], { root = PROJECT_ROOT } = {}): Promise<number> {
  const notProved = join(root, '.cache/not-proved.txt')
  rmSync(notProved, { force: true })
  const tests = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...argv], { cwd: root, stdio: 'inherit' })
  const tested = once(tests, 'exit').then(([code]) => code as number | null)
  for (const { name, args } of argv.length > 0 ? [] : READERS) {
    const { code, printed } = await read(args, root)
    if (code === 0) continue
    // Nothing else is worth waiting for.
    tests.kill()
    await tested
    console.error(`\n${printed}\nnpm test stopped here: ${name}.`)
    return 1
  }
  const code = await tested
  if (code !== 0) return code ?? 1
  const lines = existsSync(notProved) ? [...new Set(readFileSync(notProved, 'utf8').split('\n').filter(Boolean))] : []
  const missing = TOOLS.filter(tool => findTool(tool.name) === undefined)
  if (lines.length === 0) return 0
  console.log(`\nAll that could be proved holds. Not proved on this machine:\n${lines.map(line => `- ${line}`).join('\n')}`)
  const install = installCommand(missing.map(tool => tool.name))
  if (install) console.log(`To prove it: ${install}`)
  return 0
}

async function read(args: readonly string[], cwd: string): Promise<{ code: number | null, printed: string }> {
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] })
  process.once('exit', () => child.kill())
  const [printed, [code]] = await Promise.all([text(child.stdout), once(child, 'exit') as Promise<[number | null]>])
  return { code, printed }
}
