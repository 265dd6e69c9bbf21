import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { serves } from './workbook/machine/examine.ts'
import { Problem } from './workbook/problem.ts'
import { PROJECT_ROOT } from './workbook/project.ts'
import { findTool, installCommand, TOOLS } from './workbook/machine/tools.ts'

/** What the readers remember: of files that have not changed, what they said. */
const TYPES = '.cache/types.json'
const FORM = '.cache/form.json'
const READ = [TYPES, FORM]

/** What reads the project without running it. It takes a processor while the tests wait for theirs. */
const READERS = [
  { name: 'types', args: ['node_modules/typescript/bin/tsc', '--noEmit', '--incremental', '--tsBuildInfoFile', TYPES] },
  { name: 'types of the browser code', args: ['node_modules/typescript/bin/tsc', '--noEmit', '-p', 'site/client'] },
  { name: 'form of code and text', args: ['node_modules/eslint/bin/eslint.js', '.', '--cache', '--cache-strategy', 'content', '--cache-location', FORM] },
]

const USE = 'npm test, npm test -- --all, npm test -- --anew, or with what npx vitest run --help lists'

/** How many proofs CI may go without because something else had the processors. */
const MOST_BUSY = 10

/** How long an outcome is kept that nobody has asked for. In days. */
const KEPT = 30

/**
 * `npm test`: of each lesson that its program keeps its own promises, that its transcripts happen and that its
 * mistakes are refused; the units, the text and the site. `--all` proves everything, and CI=true too: inherited
 * promises, each mistake in full, commands by hand, browsers. What was left out, or could not be proved on this
 * machine, is said in the last lines, with the command that proves it; with CI=true it is a failure.
 *
 * What takes long is remembered (tests/support/memory.ts): it is run again when something that goes into it has
 * changed. `--anew` runs everything, and CI=true too. Other arguments go to vitest, and then nothing else is run.
 */
export async function main(argv: string[], { root = PROJECT_ROOT } = {}): Promise<number> {
  const notProved = '.cache/not-proved.txt'
  const remembered = '.cache/remembered.txt'
  const left = '.cache/left-to-ci.txt'
  const anew = argv.includes('--anew') || process.env.CI === 'true'
  for (const file of [notProved, remembered, left, ...anew ? READ : []]) rmSync(join(root, file), { force: true })
  forget(join(root, '.cache/proofs'), anew ? 0 : KEPT)
  const words = argv.filter(word => word !== '--anew' && word !== '--all')
  const tests = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...words], {
    cwd: root,
    env: { ...process.env, ...argv.includes('--all') && { WHOLE: 'true' } },
    stdio: ['inherit', 'inherit', words.length > 0 ? 'pipe' : 'inherit'],
  })
  const refusal = tests.stderr && handOn(tests.stderr)
  const tested = once(tests, 'exit').then(([code]) => code as number | null)
  for (const { name, args } of words.length > 0 ? [] : READERS) {
    const { code, printed } = await read(args, root)
    if (code === 0) continue
    // Nothing else is worth waiting for.
    tests.kill()
    await tested
    console.error(`\n${printed}\nnpm test stopped here: ${name}.`)
    return 1
  }
  const code = await tested
  const refused = await refusal
  if (refused) throw new Problem(refused, { exitCode: 2, remedy: `Use: ${USE}` })
  if (code !== 0) return code ?? 1
  const count = linesOf(join(root, remembered)).length
  if (count > 0) {
    console.log(`\n${count} proofs are from before: nothing that goes into them has changed.`
      + '\nTo prove everything anew: npm test -- --anew')
  }
  const untried = [...new Set(linesOf(join(root, left)))]
  if (untried.length > 0) {
    console.log(`\nLeft to CI, so that this run is a quick one:\n${untried.map(line => `- ${line}`).join('\n')}`
      + '\nTo prove these too: npm test -- --all')
  }
  const lines = [...new Set(linesOf(join(root, notProved)))]
  if (lines.length === 0) return 0
  // There nothing else can be missing.
  if (process.env.CI === 'true' && lines.length > MOST_BUSY) {
    console.error(`\nnpm test: for ${lines.length} proofs this machine was too busy, and ${MOST_BUSY} are the most that may be missing in CI:`
      + `\n${lines.map(line => `- ${line}`).join('\n')}`)
    return 1
  }
  // What is recorded is not run again, whatever is installed.
  const missing = TOOLS.filter(({ name, recorded }) => !recorded && !serves(name, findTool(name)))
  console.log(`\nAll that could be proved holds. Not proved on this machine:\n${lines.map(line => `- ${line}`).join('\n')}`)
  if (missing.length > 0) {
    console.log(`Missing here:\n${missing.map(({ name, proves }) => `- ${name}, which proves ${proves}`).join('\n')}`)
  }
  // Namespaces that are forbidden are not to be had by installing anything.
  const install = installCommand(missing.map(({ name }) => name).filter(name => name !== 'unshare' || findTool(name) === undefined))
  if (install) console.log(`To prove it: ${install}`)
  return 0
}

// Where vitest reads its options; it answers a wrong one with a stack that begins there.
const PARSER_RE = /^file:\S*\/vitest\/dist\/chunks\/cac\./

/**
 * Hands on what vitest writes to standard error.
 * @returns what is wrong with an option, in place of the stack
 */
async function handOn(stderr: Readable): Promise<string | undefined> {
  let stack = ''
  for await (const text of stderr.setEncoding('utf8') as AsyncIterable<string>) {
    if (stack !== '' || PARSER_RE.test(text)) stack += text
    else process.stderr.write(text)
  }
  const [, what] = /^(?:CACError|Error): (.*)$/m.exec(stack) ?? []
  if (what === undefined) process.stderr.write(stack)
  const [, unknown] = /^Unknown option `(.*)`$/.exec(what ?? '') ?? []
  return unknown === undefined ? what && `vitest: ${what}` : `vitest has no option "${unknown}"`
}

function linesOf(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : []
}

/** Removes what nobody has asked for in so many days. */
function forget(folder: string, days: number): void {
  const since = Date.now() - days * 86_400_000
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    // Another run may forget the same.
    const { mtimeMs = since } = statSync(join(folder, name), { throwIfNoEntry: false }) ?? {}
    if (mtimeMs <= since) rmSync(join(folder, name), { force: true })
  }
}

async function read(args: readonly string[], cwd: string): Promise<{ code: number | null, printed: string }> {
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] })
  process.once('exit', () => child.kill())
  const [printed, [code]] = await Promise.all([text(child.stdout), once(child, 'exit') as Promise<[number | null]>])
  return { code, printed }
}
