import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import type { Experiment } from './parse.ts'

/** What an experiment runs with. */
export interface Environment {
  env: NodeJS.ProcessEnv
  /** Which nc answers to that name, in words for the verdict; undefined when none is used. */
  nc: string | undefined
  /** Tools that the commands name and this system lacks. */
  missing: string[]
}

// The commands of a line: its first word, and those behind | ; & ( and $( and do.
const COMMAND_RE = /(?:^|[|;&(]|\bdo\b)\s*(?:sudo\s+)?([a-z][\w.-]*)/g
const NC_FLAGS_RE = /\bnc((?:\s+-\w+)*)/g

/** Tools that an experiment may name; what else stands in a command belongs to the shell. */
const TOOLS = ['nc', 'ss', 'lsof', 'curl', 'openssl', 'tcpdump', 'strace', 'xxd', 'od', 'python3']

/** The tools that the commands of an experiment name. */
export function toolsOf(experiment: Experiment): string[] {
  const commands = experiment.steps.filter(step => step.kind === 'start' || step.kind === 'look')
  const words = commands.flatMap(step => [...step.text.matchAll(COMMAND_RE)].map(found => found[1] ?? ''))
  return TOOLS.filter(tool => words.includes(tool))
}

/**
 * Finds what the experiment's commands need. Netcats differ: where the system's own is missing or
 * lacks a flag that is used, the workbook's own answers to the name instead.
 */
export function environmentFor(experiment: Experiment, root: string): Environment {
  const tools = toolsOf(experiment)
  const missing = tools.filter(tool => tool !== 'nc' && !onPath(tool))
  const env: NodeJS.ProcessEnv = { ...process.env, NO_COLOR: '1', LC_ALL: 'C', NO_UPDATE_NOTIFIER: '1' }
  if (!tools.includes('nc')) return { env, nc: undefined, missing }
  const flags = new Set(experiment.steps.flatMap(step =>
    [...step.text.matchAll(NC_FLAGS_RE)].flatMap(found => [...(found[1] ?? '').replace(/[\s-]/g, '')])))
  const system = systemNc()
  if (system && [...flags].every(flag => system.flags.has(flag))) return { env, nc: system.name, missing }
  return { env: { ...env, PATH: ownNcFolder(root) + delimiter + env.PATH }, nc: 'the workbook\'s own nc', missing }
}

let found: { name: string, flags: Set<string> } | undefined | null

/** OpenBSD's nc is the one whose words the lessons print; the system's own is used only if it is that. */
function systemNc(): { name: string, flags: Set<string> } | undefined {
  if (found === undefined) {
    const { stdout, stderr, error } = spawnSync('nc', ['-h'], { encoding: 'utf8', timeout: 5000 })
    const help = error ? '' : stdout + stderr
    const name = /^OpenBSD netcat.*$/m.exec(help)?.[0]
    const flags = /usage: nc \[-(\w+)\]/.exec(help)?.[1] ?? ''
    const withValue = [...help.matchAll(/\[-(\w) \w+\]/g)].map(match => match[1] ?? '')
    found = name ? { name, flags: new Set([...flags, ...withValue]) } : null
  }
  return found ?? undefined
}

let folder: string | undefined

function ownNcFolder(root: string): string {
  if (folder === undefined) {
    folder = mkdtempSync(join(tmpdir(), 'port-12345-'))
    const shim = join(folder, 'nc')
    writeFileSync(shim, `#!/bin/sh\nexec "${process.execPath}" "${join(root, 'scripts/run.mjs')}" nc "$@"\n`)
    chmodSync(shim, 0o755)
    process.on('exit', () => rmSync(folder ?? '', { recursive: true, force: true }))
  }
  return folder
}

function onPath(tool: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${tool}`], { stdio: 'ignore', timeout: 5000 }).status === 0
}
