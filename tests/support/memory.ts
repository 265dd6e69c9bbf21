import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { release } from 'node:os'
import { dirname, join, relative } from 'node:path'
import type { TestContext } from 'vitest'
import { canIsolate } from '../../scripts/workbook/machine/isolate.ts'
import { hashOf } from '../../scripts/workbook/text.ts'
import { onPath, TOOLS } from '../../scripts/workbook/machine/tools.ts'
import { ROOT } from './command.ts'

/** Where `npm test` looks for what was remembered, to say so in its last lines. */
export const REMEMBERED_FILE = join(ROOT, '.cache/remembered.txt')

/**
 * The outcome of what takes long and hangs on nothing but its ingredients: as it was when they were the same
 * the last time and the test passed. What a test expects of the outcome is looked at every time, and what does
 * not pass is forgotten.
 * With CI=true nothing is remembered, and `npm test -- --anew` forgets everything first.
 * @param what in words, for whoever counts
 * @param ingredients everything that it is made from, besides what all of them are: see machine()
 */
export type Remember = <T>(
  context: Pick<TestContext, 'onTestFinished'>, what: string, ingredients: readonly string[], run: () => Promise<T>,
) => Promise<T>

/** What holds as long as its ingredients are the same, and has no outcome besides. */
export interface Proof {
  /** It held before. */
  known: boolean
  /** It holds now. */
  hold: () => void
}

/**
 * Whether something was seen to hold with the same ingredients, and a way to say that it does.
 * @param what as for `remembered`, and `ingredients` too
 */
export function proofOf(what: string, ingredients: readonly string[], folder = FOLDER): Proof {
  const file = fileFor(folder, machine(), what, ingredients)
  const known = process.env.CI !== 'true' && recall(file) !== undefined
  if (known) noteRemembered(what)
  return { known, hold: () => keep(file, { what }) }
}

/** @param folder where outcomes are kept, each under the hash of its ingredients */
export function memoryIn(folder: string, { note = noteRemembered, common = machine } = {}): Remember {
  return async (context, what, ingredients, run) => {
    if (process.env.CI === 'true') return await run()
    const file = fileFor(folder, common(), what, ingredients)
    const known = recall(file)
    if (known) note(what)
    const outcome = known ? known.outcome as Awaited<ReturnType<typeof run>> : await run()
    context.onTestFinished(({ task }) => {
      if (task.result?.state !== 'pass') rmSync(file, { force: true })
      else if (!known) keep(file, { what, outcome })
    })
    return outcome
  }
}

const FOLDER = join(ROOT, '.cache/proofs')

/** The memory of all tests. */
export const remembered: Remember = memoryIn(FOLDER)

/** Names and contents of the files of a folder, for ingredients. */
export function filesIn(folder: string, leaveOut: readonly string[] = []): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => relative(folder, join(entry.parentPath, entry.name)))
    .filter(name => !leaveOut.some(other => name.startsWith(other)))
    .sort()
    .flatMap(name => [name, readFileSync(join(folder, name), 'latin1')])
}

let known: string | undefined

/** What every proof hangs on: this machine, its Node, its tools, our packages, and the engine; no lesson's room. */
function machine(): string {
  known ??= describeMachine()
  return known
}

function describeMachine(): string {
  const tools = [...TOOLS.flatMap(({ name, files = [name] }) => files), 'script', 'unshare'].map(name => {
    const path = onPath(name)
    return path === undefined ? `no ${name}` : `${path} ${statSync(path).mtimeMs}`
  })
  return hashOf(
    process.version, process.platform, process.arch, release(), String(process.getuid?.()), String(canIsolate()),
    ...tools,
    readFileSync(join(ROOT, 'package.json'), 'utf8'),
    readFileSync(join(ROOT, 'package-lock.json'), 'utf8'),
    ...filesIn(join(ROOT, 'scripts/workbook')),
    ...['run.mjs', 'check.ts', 'mine.ts', 'lesson.ts', 'try.ts'].map(name => readFileSync(join(ROOT, 'scripts', name), 'utf8')),
    ...['examiners.ts', 'examiner.ts', 'pool.ts'].map(name => join('examiners', name)).map(name => readFileSync(join(ROOT, 'tests/support', name), 'utf8')),
  )
}

function fileFor(folder: string, common: string, what: string, ingredients: readonly string[]): string {
  return join(folder, `${hashOf(common, what, ...ingredients)}.json`)
}

function keep(file: string, content: { what: string, outcome?: unknown }): void {
  if (process.env.CI === 'true') return
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify(content))
}

function recall(file: string): { outcome: unknown } | undefined {
  try {
    const found = JSON.parse(readFileSync(file, 'utf8')) as { outcome: unknown }
    // What is used stays.
    utimesSync(file, new Date(), new Date())
    return found
  } catch {
    return undefined
  }
}

function noteRemembered(what: string): void {
  appendFileSync(REMEMBERED_FILE, `${what}\n`)
}
