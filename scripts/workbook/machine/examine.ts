import { lookup } from 'node:dns/promises'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { canIsolate } from './isolate.ts'
import { listLessons, needsOf } from '../book/list.ts'
import { isListening } from './listening.ts'
import { findPortHolder, type PortHolder } from './port-holder.ts'
import { findTool, installCommand, TOOLS, type FoundTool, type Tool } from './tools.ts'

/**
 * What the state of a tool means for the reader. `stand-in`: something else takes its place, because
 * it is missing or is another one than the lessons show. `missing`: a lesson needs it. `absent`: no
 * lesson does.
 */
export type Status = 'ok' | 'stand-in' | 'missing' | 'absent'

export interface ToolReport {
  name: string
  status: Status
  /** In words, `OpenBSD 1.219-1`; undefined when it is not there. */
  found?: string
  path?: string
  standIn?: string
  lessons: number[]
  /** Whether the tests of the workbook use it rather than the lessons. */
  forTests: boolean
  /** Whether the lessons only show what it once printed. */
  recorded: boolean
  proves: string
  install?: string
}

/** Everything that `npm run doctor` knows; this is also its `--json`. */
export interface Diagnosis {
  /** Whether every lesson can be followed: each tool is there or has a stand-in. */
  ok: boolean
  node: { version: string, path: string }
  packages: { installed: number, wrong: string[] }
  tools: ToolReport[]
  port: { number: number, free: boolean, holder?: PortHolder }
  /** What localhost stands for, in the order in which programs try it. */
  localhost: string[]
  /** The command that installs what is missing for the lessons. */
  install?: string
}

const PORT = 12345

/** Looks at this machine with the eyes of the lessons. Changes nothing. */
export async function diagnose(root: string): Promise<Diagnosis> {
  const lessons = await lessonsByTool(root)
  const tools = TOOLS.map(tool => reportOn(tool, lessons.get(tool.name) ?? []))
  const packages = packagesIn(root)
  const missing = tools.filter(tool => tool.status === 'missing').map(tool => tool.name)
  const free = !await isListening(PORT)
  return {
    ok: missing.length === 0 && packages.wrong.length === 0,
    node: { version: process.versions.node, path: process.execPath },
    packages,
    tools,
    port: { number: PORT, free, holder: free ? undefined : await findPortHolder(PORT) },
    localhost: await lookup('localhost', { all: true, verbatim: true })
      .then(found => found.map(({ address }) => address), () => []),
    install: installCommand(missing),
  }
}

async function lessonsByTool(root: string): Promise<Map<string, number[]>> {
  const found = new Map<string, number[]>()
  for (const lesson of listLessons(root)) {
    for (const tool of await needsOf(root, lesson)) {
      found.set(tool, [...found.get(tool) ?? [], lesson.number])
    }
  }
  return found
}

function reportOn(tool: Tool, lessons: number[]): ToolReport {
  const { name, proves, forTests = false, recorded = false } = tool
  const found = findTool(name)
  const works = serves(name, found)
  const standIn = works || lessons.length === 0 ? undefined : standInFor(tool)
  const status = works ? 'ok' : lessons.length === 0 ? 'absent' : standIn === undefined ? 'missing' : 'stand-in'
  return {
    name,
    status,
    found: found && wordsFor(found),
    path: found?.path,
    standIn,
    lessons,
    forTests,
    recorded,
    proves,
    // Namespaces that are forbidden are not to be had by installing anything.
    install: works || (found && forTests) ? undefined : installCommand([name]),
  }
}

/** Whether a tool does what it is there for: another netcat prints other words, and namespaces may be forbidden. */
export function serves(name: string, found: FoundTool | undefined): boolean {
  if (name === 'nc') return found?.netcat?.halfCloses ?? false
  if (name === 'unshare') return canIsolate()
  return found !== undefined
}

function standInFor({ standIn }: Tool): string | undefined {
  const isTool = TOOLS.some(tool => tool.name === standIn)
  return isTool && standIn !== undefined && findTool(standIn) === undefined ? undefined : standIn
}

function wordsFor({ version, netcat }: FoundTool): string {
  if (netcat) return `${netcat.flavour} ${version ?? ''}`.trim()
  return version ?? 'of unknown version'
}

/** Whether `npm ci` is needed again: packages that are not there in the version that package.json names. */
function packagesIn(root: string): { installed: number, wrong: string[] } {
  const { devDependencies = {}, dependencies = {} } = readJson(join(root, 'package.json'))
  const wanted = Object.entries({ ...devDependencies as object, ...dependencies as object })
  const wrong = wanted
    .filter(([name, version]) => readJson(join(root, 'node_modules', name, 'package.json')).version !== version)
    .map(([name]) => name)
  return { installed: wanted.length - wrong.length, wrong }
}

function readJson(file: string): Record<string, unknown> {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
}
