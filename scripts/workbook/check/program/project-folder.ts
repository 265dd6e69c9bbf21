import { existsSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
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

/** What starts the program there, in place of `scripts/run.mjs`. */
export interface Starter {
  /** Absolute paths: the program, and the workbook whose start-program.mjs starts it. */
  file: string
  home: string
  args: readonly string[]
  /** A module that is to run before it. */
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

function link(folder: string, root: string, { file, home, args, preload }: Starter): void {
  for (const entry of readdirSync(root, { withFileTypes: true })) {
    const wanted = entry.isFile() ? FILES.has(entry.name) : !LEFT_OUT.has(entry.name)
    if (wanted && !existsSync(join(folder, entry.name))) symlinkSync(join(root, entry.name), join(folder, entry.name))
  }
  const scripts = join(folder, 'scripts')
  mkdirSync(scripts, { recursive: true })
  const words = preload === undefined ? '' : `, ${JSON.stringify({ preload })}`
  writeFileSync(join(scripts, 'run.mjs'),
    `import { startProgram } from ${JSON.stringify(pathToFileURL(join(home, 'scripts/workbook/start/start-program.mjs')).href)}\n`
    + `startProgram(${JSON.stringify(file)}, ${JSON.stringify(args)}${words})\n`)
}

const FILES = new Set(['package.json', 'package-lock.json', 'tsconfig.json', 'README.md'])
const LEFT_OUT = new Set(['certs', 'scripts', '.cache'])
