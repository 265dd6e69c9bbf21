import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { canIsolate } from '../machine/isolate.ts'
import { hasNcFlags } from '../nc/options.ts'
import { findTool, TOOLS } from '../machine/tools.ts'
import type { Experiment } from './parse.ts'

/** What `nc` says of itself where the workbook's own answers to the name. */
export const OWN_NC = 'the workbook\'s own nc'

/** What an experiment runs with. */
export interface Environment {
  env: NodeJS.ProcessEnv
  /** Which nc answers to that name, in words for the verdict; undefined when none is used. */
  nc: string | undefined
  /** Tools that the commands name and this system lacks. */
  missing: string[]
}

/**
 * The tools that a line for the shell names, wherever they stand in it: behind `do`, in `$(…)`, in the quotes of
 * `sh -c`. A word that only looks like one costs a proof on a machine without the tool; one that is
 * overlooked would fail there.
 */
export function toolsIn(line: string): string[] {
  return TOOLS.map(tool => tool.name).filter(tool => wordRe(tool).test(line))
}

/** The tools that the commands of an experiment name. */
export function toolsOf(experiment: Experiment): string[] {
  return toolsIn(commandsOf(experiment))
}

/** Finds what the experiment's commands need. */
export function environmentFor(experiment: Experiment, root: string): Environment {
  return environmentOf(commandsOf(experiment), root)
}

/**
 * Finds what lines for the shell need. Netcats differ: the lessons print the words of OpenBSD's, and
 * where the system has another or none, the workbook's own answers to the name, if it has the options.
 */
export function environmentOf(lines: string, root: string): Environment {
  const tools = toolsIn(lines)
  const missing = tools.filter(tool => tool !== 'nc' && !isThere(tool))
  // What npm says of its own newer versions is no part of any transcript.
  const env: NodeJS.ProcessEnv = { ...process.env, NO_COLOR: '1', LC_ALL: 'C', npm_config_update_notifier: 'false' }
  // A colour that somebody forces on their own programs would stand in the transcript.
  delete env.FORCE_COLOR
  // From lesson 12 on a server listens where these say.
  delete env.HOST
  delete env.PORT
  delete env.PASSPHRASE
  if (!tools.includes('nc')) return { env, nc: undefined, missing }
  const system = findTool('nc')
  if (system?.netcat?.flavour === 'OpenBSD') return { env, nc: `OpenBSD nc ${system.version ?? ''}`.trim(), missing }
  if (!ownNcKnows(lines)) return { env, nc: undefined, missing: ['nc', ...missing] }
  return { env: { ...env, PATH: ownNcFolder(root) + delimiter + env.PATH }, nc: OWN_NC, missing }
}

function commandsOf(experiment: Experiment): string {
  return experiment.steps.filter(step => step.kind === 'start' || step.kind === 'look').map(step => step.text).join('\n')
}

/** A word by itself, and no part of an option, a path or a name. */
function wordRe(word: string): RegExp {
  return new RegExp(`(?<![\\w./:@=-])${word}(?![\\w./:@=-])`, 'g')
}

// Where namespaces are forbidden, unshare is there for nothing.
function isThere(tool: string): boolean {
  return findTool(tool) !== undefined && (tool !== 'unshare' || canIsolate())
}

// The words behind an nc, up to where the shell ends the command.
const WORDS_RE = /^[^|;&()<>`'"\n]*/

function ownNcKnows(lines: string): boolean {
  return [...lines.matchAll(wordRe('nc'))].every(({ 0: { length }, index }) => {
    const words = WORDS_RE.exec(lines.slice(index + length))?.[0].split(/\s+/) ?? []
    return words.filter(word => word.startsWith('-')).every(hasNcFlags)
  })
}

let folder: string | undefined

function ownNcFolder(root: string): string {
  if (folder === undefined) {
    folder = mkdtempSync(join(tmpdir(), 'port-12345-'))
    const shim = join(folder, 'nc')
    writeFileSync(shim, `#!/bin/sh\nexec "${process.execPath}" "${join(root, 'scripts/run.mjs')}" nc "$@"\n`)
    chmodSync(shim, 0o755)
    process.on('exit', removeOwnNc)
  }
  return folder
}

/** Removes our own nc from the environments that were made. A process that exits does so by itself. */
export function removeOwnNc(): void {
  process.off('exit', removeOwnNc)
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  folder = undefined
}
