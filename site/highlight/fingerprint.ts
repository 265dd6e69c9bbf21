import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hashOf } from '../../scripts/workbook/text.ts'

/** Everything but the code itself on which the HTML of a block depends. */
export interface Dependencies {
  shiki: string
  grammars: string
  /** The source of every module of this folder: theme, languages, renderer. */
  sources: readonly string[]
}

/** What is installed and written here now. */
export function currentDependencies(): Dependencies {
  const folder = fileURLToPath(new URL('.', import.meta.url))
  return {
    shiki: versionOf('shiki'),
    grammars: versionOf('@shikijs/langs'),
    sources: readdirSync(folder).sort().map(name => readFileSync(join(folder, name), 'utf8')),
  }
}

/** Blocks made under another fingerprint are not used again. */
export function fingerprint({ shiki, grammars, sources }: Dependencies): string {
  return hashOf(shiki, grammars, ...sources)
}

function versionOf(name: string): string {
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
