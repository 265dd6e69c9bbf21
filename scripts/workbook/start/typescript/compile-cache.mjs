import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

// The workbook's own TypeScript as JavaScript, made once and kept in .cache/. With tsx a command of ours
// starts in 370 ms on Node 20, and this way in 170. Plain JavaScript, for it starts all the others.

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))
const KEPT = join(ROOT, '.cache/compiled')
/** Of one module: a process that runs may still load parts of the last but one. */
const MOST_KEPT = 3
/** A file system may round its times to so many milliseconds: FAT does. */
const COARSEST = 2000
/** What is not finished after so many milliseconds never will be. */
const ABANDONED = 3_600_000

/**
 * Makes JavaScript of a module of the workbook and what it imports, unless that has been done and no source
 * has changed since. Each module still finds the folder that it was in: `import.meta` says the same.
 * @param {string} file absolute, a .ts file of this project
 * @returns {Promise<string | undefined>} the file to run; undefined where none can be made, as in a folder that
 * may not be written to, or of code that is broken: tsx takes it as it is, or says what is wrong
 */
export async function compiled(file) {
  const name = relative(ROOT, file).replace(/\.ts$/, '').replaceAll(/[\\/]/g, '-')
  const list = join(KEPT, `${name}.json`)
  try {
    const { made, inputs, stamp } = JSON.parse(readFileSync(list, 'utf8'))
    if (stamp === stampOf(inputs) && statSync(join(KEPT, made)).isFile()) return join(KEPT, made)
  } catch { /* It was never made, or its source is not what it was. */ }
  try {
    return await compile(file, name, list)
  } catch {
    return undefined
  }
}

async function compile(file, name, list) {
  const { build } = await import('esbuild')
  const since = Date.now()
  mkdirSync(KEPT, { recursive: true })
  const outdir = mkdtempSync(join(KEPT, 'new-'))
  try {
    const { metafile } = await build({
      entryPoints: [{ in: file, out: name }], outdir, bundle: true, splitting: true, outExtension: { '.js': '.mjs' },
      platform: 'node', format: 'esm', target: 'node20', packages: 'external', sourcemap: 'linked', sourcesContent: false,
      metafile: true, absWorkingDir: ROOT, logLevel: 'silent', plugins: [inPlace],
    })
    const inputs = Object.keys(metafile.inputs)
    // Saved while it was read: who knows which of the two it is.
    if (inputs.some(input => statSync(resolve(ROOT, input)).mtimeMs > since - COARSEST)) return undefined
    const stamp = stampOf(inputs)
    const folder = `${name}-${stamp.slice(0, 12)}`
    const made = join(folder, `${name}.mjs`)
    try {
      renameSync(outdir, join(KEPT, folder))
    } catch (error) {
      // Another process has made the same, and may be about to load it.
      if (!existsSync(join(KEPT, made))) throw error
    }
    // Whoever reads the list finds an old one or this one, and never half of it.
    const written = join(KEPT, `${folder}-${process.pid}.json`)
    writeFileSync(written, JSON.stringify({ made, inputs, stamp }))
    renameSync(written, list)
    removeOld(name)
    return join(KEPT, made)
  } finally {
    rmSync(outdir, { recursive: true, force: true })
  }
}

const METHOD = [fileURLToPath(import.meta.url), 'package.json', 'node_modules/esbuild/package.json']

/** What changes when a source does, or when the whole project has been moved, or is compiled in another way. */
function stampOf(inputs) {
  const hash = createHash('sha256').update(ROOT)
  for (const input of [...inputs, ...METHOD]) {
    const { size, mtimeMs } = statSync(resolve(ROOT, input))
    hash.update(`\n${input} ${size} ${mtimeMs}`)
  }
  return hash.digest('hex')
}

const inPlace = {
  name: 'in-place',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^\.{1,2}\/.*\.mjs$/ }, ({ path, resolveDir }) =>
      ({ path: pathToFileURL(join(resolveDir, path)).href, external: true }))
    onLoad({ filter: /\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8')
        .replaceAll('import.meta.dirname', () => JSON.stringify(dirname(path)))
        .replaceAll('import.meta.url', () => JSON.stringify(pathToFileURL(path).href)),
      loader: 'ts',
    }))
  },
}

const UNFINISHED_RE = /^new-|-\d+\.json$/

function removeOld(name) {
  const hashed = new RegExp(`^${name}-[0-9a-f]{12}$`)
  const all = readdirSync(KEPT)
    // Another process may remove the same.
    .map(entry => ({ entry, at: statSync(join(KEPT, entry), { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((one, other) => other.at - one.at)
  const old = all.filter(({ entry }) => hashed.test(entry)).slice(MOST_KEPT)
  const abandoned = all.filter(({ entry, at }) => UNFINISHED_RE.test(entry) && at < Date.now() - ABANDONED)
  for (const { entry } of [...old, ...abandoned]) rmSync(join(KEPT, entry), { recursive: true, force: true })
}
