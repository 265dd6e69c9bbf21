import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The version of a package that is installed: part of the name of whatever it made. */
export function versionOf(name: string): string {
  const require = createRequire(import.meta.url)
  for (const folder of require.resolve.paths(name) ?? []) {
    try {
      return (JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8')) as { version: string }).version
    } catch {
      // Not in this node_modules; the next one up may have it.
    }
  }
  throw new Error(`${name} is not installed`)
}

/** The source of a module, by its `import.meta.url`: what it made under another source is not used again. */
export function sourceOf(url: string | URL): string {
  return readFileSync(fileURLToPath(url), 'utf8')
}
