import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { explainLoadError } from './load-error.ts'
import { describeHolder, portHolderNow } from '../machine/port-holder.ts'
import { didYouMean, Problem } from '../problem.ts'

/**
 * Which program of a folder the words after the lesson mean: the first word when it names one, else
 * `server`. Options (`--port 8000`) never name a program and go to it as they are.
 * @param folder relative to the root
 * @param words.missing what to say when the folder has no server.ts, and `remedy` what to do
 * @param words.again the command that the reader typed, for the remedy
 * @throws Problem, with exit code 2 for a name that is not there
 */
export function chooseProgram(
  root: string, folder: string, argv: readonly string[],
  words: { missing: string, remedy?: string, again: string },
): { program: string, args: string[] } {
  const programs = programsIn(join(root, folder))
  const [first, ...rest] = argv
  const named = first === undefined || first.startsWith('-') ? undefined : basename(first, '.ts')
  if (named !== undefined && programs.includes(named)) return { program: named, args: rest }
  if (!programs.includes('server')) {
    throw new Problem(words.missing, { remedy: words.remedy ?? `It would be ${folder}/server.ts.` })
  }
  if (named === undefined) return { program: 'server', args: [...argv] }
  throw new Problem(`there is no program "${first}" in ${folder}/. ${didYouMean(named, programs)}`, {
    exitCode: 2,
    remedy: keptByNpm().map(name => `npm kept --${name} for itself. Two dashes hand it on: ${words.again} -- --${name} ${first}`)[0]
      ?? `To hand the word to server.ts: ${words.again} server ${first}`,
  })
}

/** Options that were meant for a program and had no two dashes in front: npm keeps them and sets variables. */
function keptByNpm(): string[] {
  return OPTIONS.filter(name => process.env[`npm_config_${name}`] !== undefined)
}

/** What programs from lesson 12 on take; npm has no option of these names. */
const OPTIONS = ['host', 'port', 'backlog', 'listen', 'to']

function programsIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter(name => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map(name => basename(name, '.ts'))
}

/**
 * Runs a program in this very process, as `node file args…` would: signals, arguments, standard
 * input and the exit code are the program's own. Says on standard error which file runs and what to
 * type elsewhere, in lines that begin with `> ` as npm's own do.
 * @param file relative to the root
 * @param poke what to type in the other terminal
 */
export async function runProgram(root: string, file: string, args: readonly string[], poke?: string): Promise<void> {
  const path = join(root, file)
  const kept = keptByNpm().map(name => `> npm kept --${name} for itself: write -- in front of it\n`).join('')
  process.stderr.write(`> ${file}\n${poke ? `> In another terminal: ${poke}\n` : ''}${kept}\n`)
  const { startProgram } = await import('./start-program.mjs')
  await startProgram(path, args, {
    explain: error => {
      const problem = explainLoadError(error, root, path)
      return problem && String(problem)
    },
    taken: port => {
      const holder = portHolderNow(port)
      if (holder) process.stderr.write(`> ${describeHolder(port, holder)}\n`)
    },
  })
}
