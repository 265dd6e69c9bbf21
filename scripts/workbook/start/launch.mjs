import { readdirSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { compiled } from './typescript/compile-cache.mjs'

const COMMANDS = new URL('../../', import.meta.url)

/**
 * Runs `scripts/COMMAND.ts` in this process. That module exports
 * `main(argv: string[]): Promise<number | void>`; the number is the exit code, and without one the
 * code is whatever the process itself ends with.
 *
 * A Problem is printed as its one line; anything else that is thrown is a bug and keeps its stack.
 * @param {string | undefined} command
 * @param {string[]} argv
 * @param {object} [context] handed to `main` as its second argument; tests set another root with it
 */
export async function launch(command, argv, context) {
  process.stdout.on('error', error => {
    // Whoever reads has read enough: npm run help | head.
    if (error.code === 'EPIPE') process.exit(1)
    throw error
  })
  try {
    const file = await fileOf(command)
    const help = await helpOf(command, argv, context)
    if (help !== undefined) return console.log(help)
    const { main } = await load(file)
    const code = await main(argv, context)
    if (typeof code === 'number') process.exitCode = code
  } catch (error) {
    const line = oneLine(error)
    if (line === undefined) throw error
    // A program that was half loaded may already hold a socket open: end all the same.
    process.stderr.write(`${line}\n`, () => process.exit(error.exitCode ?? 1))
  }
}

// In this process, and not with `node --import tsx`, so that the version check comes first and signals,
// arguments, standard input and the exit code belong to one process.
async function load(module) {
  const file = await compiled(fileURLToPath(module))
  if (file === undefined) {
    await import('tsx')
    return await import(module)
  }
  // A bug is to be found in the source.
  process.setSourceMapsEnabled(true)
  return await import(pathToFileURL(file).href)
}

async function fileOf(command) {
  const names = readdirSync(COMMANDS)
    .filter(name => name.endsWith('.ts'))
    .map(name => name.slice(0, -'.ts'.length))
  if (names.includes(command)) return new URL(`${command}.ts`, COMMANDS).href
  const { Problem, didYouMean } = await load(new URL('../problem.ts', import.meta.url).href)
  throw command === undefined
    ? new Problem(`no command was given. Known are: ${names.join(', ')}`, { exitCode: 2 })
    : new Problem(`there is no command "${command}". ${didYouMean(command, names)}`, { exitCode: 2 })
}

async function helpOf(command, argv, context) {
  // No other start waits for the texts.
  if (!argv.includes('--help') && !argv.includes('-h')) return undefined
  const { helpFor } = await load(new URL('help.ts', import.meta.url).href)
  return helpFor(command, argv, context?.root)
}

function oneLine(error) {
  if (error?.name === 'Problem' || error?.name === 'Problems') return String(error)
  const missing = error?.code === 'ERR_MODULE_NOT_FOUND' && /^Cannot find package '([^']+)'/.exec(error.message)
  if (missing) return `The packages are not installed (${missing[1]} is missing). Run: ${install()}`
  // A node_modules that was copied from another system, say from Windows into WSL.
  if (/installed esbuild for another platform/.test(error?.message)) {
    return `node_modules was installed on another system. Run: ${install()}`
  }
  return undefined
}

// With NODE_ENV=production a plain `npm ci` leaves the development packages out, and all of ours are such.
function install() {
  return process.env.NODE_ENV === 'production' ? 'npm ci --include=dev' : 'npm ci'
}
