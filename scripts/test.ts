import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { PROJECT_ROOT } from './workbook/run-program.ts'
import { findTool, installCommand, TOOLS } from './workbook/tools.ts'

/** The steps of `npm test`, in the order in which they tell most for the time they take. */
const STEPS = [
  { name: 'types', args: ['node_modules/typescript/bin/tsc', '--noEmit'] },
  { name: 'types of the browser code', args: ['node_modules/typescript/bin/tsc', '--noEmit', '-p', 'site/client'] },
  { name: 'form of code and text', args: ['node_modules/eslint/bin/eslint.js', '.'] },
  { name: 'tests', args: ['node_modules/vitest/vitest.mjs', 'run'] },
]

/**
 * `npm test`: everything that can be proved on this machine. What could not be is said in the last
 * lines, with the command that installs what is missing; with CI=true it is a failure.
 * Arguments go to vitest.
 */
export async function main(argv: string[], { root = PROJECT_ROOT } = {}): Promise<number> {
  const notProved = join(root, '.cache/not-proved.txt')
  rmSync(notProved, { force: true })
  for (const { name, args } of argv.length > 0 ? STEPS.slice(-1) : STEPS) {
    console.log(`\n${name}`)
    const rest = name === 'tests' ? argv : []
    const { status, signal } = spawnSync(process.execPath, [...args, ...rest], { cwd: root, stdio: 'inherit' })
    if (signal) return 1
    if (status !== 0) {
      console.error(`\nnpm test stopped here: ${name}.`)
      return status ?? 1
    }
  }
  const lines = existsSync(notProved) ? [...new Set(readFileSync(notProved, 'utf8').split('\n').filter(Boolean))] : []
  const missing = TOOLS.filter(tool => findTool(tool.name) === undefined)
  if (lines.length === 0) return 0
  console.log(`\nAll that could be proved holds. Not proved on this machine:\n${lines.map(line => `- ${line}`).join('\n')}`)
  const install = installCommand(missing.map(tool => tool.name))
  if (install) console.log(`To prove it: ${install}`)
  return 0
}
