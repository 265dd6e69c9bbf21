import { readFileSync } from 'node:fs'
import { relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Position, Problem } from '../problem.ts'

// As esbuild prints it, which tsx compiles with: `/path/server.ts:3:5: ERROR: Expected ")" but found "x"`
const SYNTAX_RE = /^(.+):(\d+):(\d+): ERROR: (.+)$/m
const MODULE_RE = /^Cannot find (?:module|package) '([^']+)' imported from (.+)$/
const BUILTIN_RE = /^No such built-in module: (.+)$/
const EXPORT_RE = /^The requested module '([^']+)' does not provide an export named '([^']+)'/

/** It imports a file or a package that is not there. */
export function missingImport(name: string, place: Position, remedy = 'Check the spelling and the ending .ts of the name.'): Problem {
  return new Problem(`this imports "${name}", which is not there`, { place, remedy })
}

/** It imports a module of Node's that Node has not. */
export function missingBuiltin(name: string, place: Position): Problem {
  return new Problem(`Node has no module "${name}"`, { place })
}

/**
 * Why a program could not be loaded, when that is something its author can mend: it is not
 * TypeScript, or it imports what is not there. These come from inside the loader, with a stack that
 * names no line of the program.
 * @param entry absolute path of the program, for errors that do not name a file
 * @returns undefined for everything else, such as an error that the running program threw
 */
export function explainLoadError(error: unknown, root: string, entry: string): Problem | undefined {
  if (!(error instanceof Error)) return undefined
  const place = (path: string, text?: string): Position => ({
    file: relative(root, path).split(sep).join('/'),
    ...(text !== undefined && lineWith(path, text)),
  })

  const [, file, line, column, message] = SYNTAX_RE.exec(error.message) ?? []
  if (file && message) {
    // esbuild counts columns from 0, people and editors from 1.
    return new Problem(message, { place: { ...place(file), line: Number(line), column: Number(column) + 1 } })
  }

  const code = (error as NodeJS.ErrnoException).code
  const [, wanted, importer] = MODULE_RE.exec(error.message) ?? []
  if (code === 'ERR_MODULE_NOT_FOUND' && wanted && importer) {
    const from = importer.startsWith('file:') ? fileURLToPath(importer) : importer
    const name = wanted.split(/[\\/]/).at(-1) ?? wanted
    return missingImport(name, place(from, name))
  }

  const [, builtin] = BUILTIN_RE.exec(error.message) ?? []
  if (code === 'ERR_UNKNOWN_BUILTIN_MODULE' && builtin) return missingBuiltin(builtin, place(entry, builtin))

  const [, module, name] = EXPORT_RE.exec(error.message) ?? []
  if (error.name === 'SyntaxError' && module && name) {
    // Node puts the importing module, and its line after compilation, on the stack's first line.
    const [, importer] = /^(?:file:\/\/)?(.+?):\d+\n/.exec(error.stack ?? '') ?? []
    return new Problem(`"${module}" exports no "${name}"`, { place: place(importer ?? entry, name) })
  }
  return undefined
}

// The compiled program has other lines than the source, so the name itself is looked for.
function lineWith(path: string, text: string): { line?: number } {
  try {
    const index = readFileSync(path, 'utf8').split('\n').findIndex(line => line.includes(text))
    return index < 0 ? {} : { line: index + 1 }
  } catch {
    return {}
  }
}
