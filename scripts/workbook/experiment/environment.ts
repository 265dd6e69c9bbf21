import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { findTool, TOOLS } from '../machine/tools.ts'
import type { Experiment } from './parse.ts'

/** What an experiment runs with. */
export interface Environment {
  env: NodeJS.ProcessEnv
  /** Which nc answers to that name, in words for the verdict; undefined when none is used. */
  nc: string | undefined
  /** Tools that the commands name and this system lacks. */
  missing: string[]
}

// The commands of a line: its first word, and those behind | ; & ( and do.
const COMMAND_RE = /(?:^|[|;&(]|\bdo\b)\s*(?:sudo\s+)?([a-z][\w.-]*)/g

/** The tools that the commands of an experiment name; what else stands in a command belongs to the shell. */
export function toolsOf(experiment: Experiment): string[] {
  const commands = experiment.steps.filter(step => step.kind === 'start' || step.kind === 'look')
  const words = commands.flatMap(step => [...step.text.matchAll(COMMAND_RE)].map(found => found[1] ?? ''))
  return TOOLS.map(tool => tool.name).filter(tool => words.includes(tool))
}

/**
 * Finds what the experiment's commands need. Netcats differ: the lessons print the words of
 * OpenBSD's, and where the system has another or none, the workbook's own answers to the name.
 */
export function environmentFor(experiment: Experiment, root: string): Environment {
  const tools = toolsOf(experiment)
  const missing = tools.filter(tool => tool !== 'nc' && findTool(tool) === undefined)
  const env: NodeJS.ProcessEnv = { ...process.env, NO_COLOR: '1', LC_ALL: 'C' }
  // A colour that somebody forces on their own programs would stand in the transcript.
  delete env.FORCE_COLOR
  // From lesson 12 on a server listens where these say.
  delete env.HOST
  delete env.PORT
  delete env.PASSPHRASE
  if (!tools.includes('nc')) return { env, nc: undefined, missing }
  const system = findTool('nc')
  if (system?.netcat?.flavour === 'OpenBSD') return { env, nc: `OpenBSD nc ${system.version ?? ''}`.trim(), missing }
  return { env: { ...env, PATH: ownNcFolder(root) + delimiter + env.PATH }, nc: 'the workbook\'s own nc', missing }
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
