import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { inTemporary } from '../../machine/temporary.ts'

/**
 * A folder that stands for the project's own as working directory, in a place of its own: what a program
 * leaves there is not left to the reader.
 * @param scratch in which it is made
 * @throws Problem when it cannot be made
 */
export function projectFolder(scratch: string, root: string): string {
  return inTemporary(() => {
    const folder = join(mkdtempSync(join(scratch, 'x')), basename(root))
    mkdirSync(folder)
    return folder
  })
}

/** What starts programs there, in place of `scripts/run.mjs`; the words are those of the command line. */
export interface Starter {
  /** Absolute paths: the folder with the programs, and the workbook whose start-program.mjs starts them. */
  programs: string
  home: string
  /** Which word of the command line is the first of the program's: it names the program unless it is an option. */
  words: number
  /** A module that is to run before the program; one folder is for programs that agree on it. */
  preload?: string
}

/**
 * Links what the project has into the folder that stands for it, as far as nothing of that name is there: its
 * folders, but for the reader's papers, and the files of the workbook. A file that a program has left in the
 * project, such as a count, is none of them.
 * @throws Problem when nothing can be written there
 */
export function furnish(folder: string, root: string, starter: Starter): void {
  inTemporary(() => link(folder, root, starter))
}

function link(folder: string, root: string, { programs, home, words, preload }: Starter): void {
  for (const entry of readdirSync(root, { withFileTypes: true })) {
    const wanted = entry.isFile() ? FILES.has(entry.name) : !LEFT_OUT.has(entry.name)
    if (wanted && !existsSync(join(folder, entry.name))) symlinkSync(join(root, entry.name), join(folder, entry.name))
  }
  const script = `import { startProgram } from ${quoted(join(home, 'scripts/workbook/start/start-program.mjs'))}
const words = process.argv.slice(${words})
const name = words[0] === undefined || words[0].startsWith('-') ? 'server' : words.shift()
startProgram(${JSON.stringify(join(programs, '/'))} + name + '.ts', words, ${JSON.stringify({ preload })})
`
  const file = join(folder, 'scripts/run.mjs')
  // Another program that was started here may be about to read it.
  if (existsSync(file) && readFileSync(file, 'utf8') === script) return
  mkdirSync(join(folder, 'scripts'), { recursive: true })
  writeFileSync(`${file}.new`, script)
  renameSync(`${file}.new`, file)
}

function quoted(path: string): string {
  return JSON.stringify(pathToFileURL(path).href)
}

const FILES = new Set(['package.json', 'package-lock.json', 'tsconfig.json', 'README.md'])
const LEFT_OUT = new Set(['certs', 'scripts', '.cache'])
