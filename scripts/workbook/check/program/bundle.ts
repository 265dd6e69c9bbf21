import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire, isBuiltin } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative, sep } from 'node:path'
import { build, type BuildFailure, type Message, type PartialMessage, type Plugin } from 'esbuild'
import { missingBuiltin, missingImport } from '../../start/load-error.ts'
import { type Position, Problem } from '../../problem.ts'
import { prepare } from '../../start/typescript/strip-types.mjs'
import { inTemporary } from '../../machine/temporary.ts'
import { codeOf } from '../../workspace/refusals.ts'

/** The programs of a folder, looked at before any is started. */
export interface Programs {
  /** A temporary folder in which they may be started. */
  outdir: string
  /** Why a program cannot be started, by file name: it is not TypeScript, or imports what is not there. */
  problems: Record<string, Problem>
  /** Removes the folder with all that is in it. */
  remove(): void
}

/**
 * Looks at each program of a folder with what it imports. What cannot be started is told at once, with its
 * place; what can is kept without its types, so that the start finds it ready: see strip-types.mjs.
 * @param folder absolute
 * @param root the folder to which the places of problems are relative
 * @throws Problem when the temporary folder cannot be written
 */
export async function readPrograms(folder: string, root: string): Promise<Programs> {
  const outdir = inTemporary(() => mkdtempSync(join(tmpdir(), 'port-12345-')))
  // A program that was killed may still be writing its last file.
  const remove = () => rmSync(outdir, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
  // Whoever reads what we print may have read enough, and then we end where we are.
  process.on('exit', remove)
  const programs: Programs = {
    outdir,
    problems: {},
    remove() {
      process.off('exit', remove)
      remove()
    },
  }
  const names = readdirSync(folder)
    .filter(name => name.endsWith('.ts') && !name.endsWith('.d.ts') && isProgram(join(folder, name)))
  const look = async (name: string) => {
    try {
      await build({
        entryPoints: [join(folder, name)], write: false, bundle: true, platform: 'node', format: 'esm', target: 'node20',
        packages: 'external', logLevel: 'silent', absWorkingDir: folder, outdir, tsconfigRaw: '{}', plugins: [watchful],
      })
    } catch (error) {
      const [first] = (error as BuildFailure).errors ?? []
      if (!first) throw error
      programs.problems[name] = asProblem(first, relative(root, folder), name)
    }
  }
  try {
    await Promise.all(names.map(look))
    return programs
  } catch (error) {
    programs.remove()
    throw error
  }
}

// Through a link, as Node loads it: then the name of the file that it leads to is what counts.
function isProgram(path: string): boolean {
  try {
    const file = realpathSync(path)
    return file.endsWith('.ts') && statSync(file).isFile()
  } catch {
    // It leads nowhere.
    return false
  }
}

/** Notices imports that lead nowhere. */
const watchful: Plugin = {
  name: 'watchful',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /.*/ }, ({ path, kind, resolveDir }) => {
      if (kind === 'entry-point' || path.startsWith('.') || isBuiltin(path)) return undefined
      // Others may fail without harm, or never be reached.
      if (kind !== 'import-statement') return undefined
      if (path.startsWith('node:')) return { errors: [failing(place => missingBuiltin(path, place))] }
      return isInstalled(path, resolveDir) ? undefined : { errors: [failing(place => missingImport(path, place))] }
    })
    onLoad({ filter: /.*/, namespace: 'file' }, async ({ path }) => {
      const contents = await readFile(path, 'utf8').catch((error: unknown) => ({ error }))
      if (typeof contents !== 'string') return { errors: [failing(place => unreadable(path, contents.error, place))] }
      // What is no program, such as a text, is for Node to refuse.
      if (!/\.[mc]?[jt]sx?$/.test(path)) return { contents: '', loader: 'empty' }
      if (!path.endsWith('.ts')) return undefined
      // What cannot be parsed is told by the build.
      await prepare(path, contents).catch(() => {})
      return { contents, loader: 'ts' }
    })
  },
}

type Explain = (place: Position) => Problem

/** An error that esbuild gives the place of the import to. */
function failing(explain: Explain): PartialMessage {
  return { text: 'it cannot be imported', detail: explain }
}

/** Whether a package can be found from a folder; only of what is certainly none it is said that it is not. */
function isInstalled(specifier: string, folder: string): boolean {
  const [name] = /^(?:@[^/]+\/)?[\w.~-]+(?=\/|$)/.exec(specifier) ?? []
  if (name === undefined) return true
  const folders = createRequire(join(folder, 'any.js')).resolve.paths(name) ?? []
  return folders.some(modules => existsSync(join(modules, name)))
}

// esbuild passes over capitals when it looks for a file, and most systems with it, but not all.
function unreadable(path: string, error: unknown, place: Position): Problem {
  const name = basename(path)
  if (codeOf(error) !== 'ENOENT') return new Problem(`${name} cannot be read: ${codeOf(error)}`, { place })
  const there = readdirSync(dirname(path)).find(other => other !== name && other.toLowerCase() === name.toLowerCase())
  return missingImport(name, place, there && `The file that is there is called ${there}.`)
}

function asProblem({ text, location, detail }: Message, folder: string, entry: string): Problem {
  const place = {
    file: join(folder, location?.file ?? entry).split(sep).join('/'),
    // esbuild counts columns from 0, people and editors from 1.
    ...(location && { line: location.line, column: location.column + 1 }),
  }
  if (typeof detail === 'function') return (detail as Explain)(place)
  const [, missing] = /^Could not resolve "(.+)"$/.exec(text) ?? []
  return missing === undefined ? new Problem(text, { place }) : missingImport(missing, place)
}
