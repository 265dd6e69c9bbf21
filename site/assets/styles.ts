import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hashOf } from '../../scripts/workbook/text.ts'
import { sourceOf, versionOf } from './version.ts'
import { cached } from './store.ts'

const FOLDER = fileURLToPath(new URL('../styles/', import.meta.url))

/** Layers in the order in which a later one wins; a style sheet that is not named here stops the build. */
const ORDER = [
  'palette', 'base', 'text', 'frame', 'nav', 'code', 'experiment', 'boxes', 'figures',
  'lesson', 'cover', 'program', 'glossary', 'search', 'print',
]

/** The style sheet of the site, minified. */
export async function buildStyles(cacheFolder: string | undefined): Promise<Uint8Array> {
  const unknown = readdirSync(FOLDER).filter(name => !ORDER.includes(name.replace(/\.css$/, '')))
  if (unknown.length > 0) throw new Error(`site/styles/${unknown[0]} is not in the order of site/assets/styles.ts`)
  const css = ORDER.map(name => readFileSync(join(FOLDER, `${name}.css`), 'utf8')).join('\n')
  return cached(cacheFolder, `style-${hashOf(versionOf('esbuild'), sourceOf(import.meta.url), css)}.css`, async () => {
    const { transform } = await import('esbuild')
    const { code } = await transform(css, { loader: 'css', minify: true, target: TARGET })
    return new TextEncoder().encode(code)
  })
}

/** Browsers that know light-dark() and popovers: those of 2024 and newer. Older ones get plain, readable pages. */
export const TARGET = ['chrome123', 'firefox125', 'safari17.5']
