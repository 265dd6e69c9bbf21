import { statSync } from 'node:fs'
import { parseArgs, type ParseArgsConfig } from 'node:util'
import { didYouMean, Problem } from '../problem.ts'
import { reading } from '../workspace/refusals.ts'

type Options = NonNullable<ParseArgsConfig['options']>

/**
 * Reads a command's options and words.
 * @param use how the command is used rightly, for whoever used it wrongly: `npm run hint`
 * @param words how many words without a dash it takes at most
 * @throws Problem with exit code 2
 */
export function readOptions<const T extends Options>(argv: readonly string[], options: T, use: string, words = 0) {
  const wrong = (message: string, remedy = '') =>
    new Problem(message, { exitCode: 2, remedy: `${remedy}${remedy && ' '}Use: ${use}` })
  const known = Object.keys(options).map(name => `--${name}`)
  const unknown = argv.find(word => /^--?[a-z]/i.test(word) && !known.includes(word.split('=')[0] ?? ''))
  if (unknown !== undefined) {
    throw wrong(`there is no option "${unknown}"`, known.length > 0 ? didYouMean(unknown, known) : '')
  }
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true })
    const extra = positionals[words]
    if (extra !== undefined) throw wrong(`"${extra}" is one word too many`)
    return { values, words: positionals }
  } catch (error) {
    if (error instanceof Problem) throw error
    throw wrong((error as Error).message.split('.')[0] ?? '')
  }
}

/**
 * Makes sure, before anything is done, that a folder is there which an option names.
 * @param named the option with its value, `--export there/mine.json`
 * @param folder the folder in the words of that value
 * @param path where it is
 * @throws Problem with exit code 2
 */
export function expectFolder(named: string, folder: string, path: string, remedy: string): void {
  if (reading(path, () => statSync(path, { throwIfNoEntry: false }))?.isDirectory()) return
  throw new Problem(`${named}: there is no folder ${folder}`, { exitCode: 2, remedy })
}
