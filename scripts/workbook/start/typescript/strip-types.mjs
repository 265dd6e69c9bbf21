import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

// Node's module hooks with which a program of the lessons, or the reader's, is loaded: each file stays where
// it is and what it is, without its types. Plain JavaScript with few imports, for every start loads it.
//
// What esbuild made of a file is kept by content. Settings of a tsconfig.json change nothing: whoever
// starts the file with Node alone has none.

const require = createRequire(import.meta.url)
const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))
const KEPT = join(ROOT, '.cache/programs')
/** Files that are kept. A lesson's program is a few kilobytes. */
const MOST_KEPT = 3000
const TYPESCRIPT_RE = /^file:.*\.m?ts(?:[?#]|$)/
const RELATIVE_RE = /^\.{1,2}\//

/** Node's hook: what is TypeScript is read without its types. */
export function load(url, context, next) {
  if (!TYPESCRIPT_RE.test(url) || url.includes('/node_modules/')) return next(url, context)
  return { format: 'module', source: javascriptOf(fileURLToPath(url)), shortCircuit: true }
}

/** Node's hook: `./words` and `./words.js` are words.ts where there is nothing of that name. */
export function resolve(specifier, context, next) {
  const { parentURL } = context
  if (!RELATIVE_RE.test(specifier) || !parentURL?.startsWith('file:') || parentURL.includes('/node_modules/')) {
    return next(specifier, context)
  }
  const path = fileURLToPath(new URL(specifier, parentURL))
  const found = isFile(path) ? undefined : [path.replace(/\.js$/, '.ts'), `${path}.ts`, join(path, 'index.ts')].find(isFile)
  return next(found === undefined ? specifier : pathToFileURL(found).href, context)
}

/**
 * A TypeScript file without its types, with the way back to its lines.
 * @param {string} path
 * @throws what esbuild throws when it cannot be parsed: see load-error.ts
 */
export function javascriptOf(path) {
  const source = readFileSync(path, 'utf8')
  const kept = keptAs(path, source)
  return readOr(kept) ?? keep(kept, transformed(path, source))
}

function transformed(path, source) {
  try {
    return require('esbuild').transformSync(source, options(path)).code
  } catch (error) {
    const { text, location } = error.errors?.[0] ?? {}
    if (!location) throw error
    throw new SyntaxError(`${path}:${location.line}:${location.column}: ERROR: ${text}`)
  }
}

/**
 * The same ahead of time, so that the program finds it.
 * @param {string} path
 * @param {string} source what stands in it
 */
export async function prepare(path, source) {
  const kept = keptAs(path, source)
  if (existsSync(kept)) return
  const { transform } = require('esbuild')
  keep(kept, (await transform(source, options(path))).code)
}

/** The map names the file alone, which is beside itself: what was made of it will do in any folder. */
function options(path) {
  return {
    loader: 'ts', format: 'esm', target: TARGET, sourcefile: basename(path), sourcemap: 'inline', sourcesContent: false,
    tsconfigRaw: {}, logLevel: 'silent',
  }
}

const TARGET = `node${process.versions.node}`

function keptAs(path, source) {
  const { version } = require('esbuild/package.json')
  return join(KEPT, `${createHash('sha256').update([version, TARGET, basename(path), source].join('\0')).digest('hex')}.mjs`)
}

function keep(kept, code) {
  try {
    mkdirSync(KEPT, { recursive: true })
    const written = `${kept}.${process.pid}`
    writeFileSync(written, code)
    // Whoever reads it finds all of it or nothing.
    renameSync(written, kept)
    removeOld()
  } catch { /* Nothing can be kept here: it is made at each start. */ }
  return code
}

function removeOld() {
  const all = readdirSync(KEPT)
  if (all.length <= MOST_KEPT) return
  const aged = all.map(name => ({ name, at: statSync(join(KEPT, name), { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((one, other) => one.at - other.at)
  for (const { name } of aged.slice(0, all.length / 2)) rmSync(join(KEPT, name), { force: true })
}

function isFile(path) {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}

function readOr(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
