import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hashOf } from '../../scripts/workbook/text.ts'
import { versionOf } from '../assets/version.ts'

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
