import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hashOf } from '../../scripts/workbook/text.ts'
import { sourceOf, versionOf } from './version.ts'
import { cached } from './store.ts'
import { TARGET } from './styles.ts'

const FOLDER = fileURLToPath(new URL('../client/', import.meta.url))

/** The one script of the site: classic, because a browser loads no module from disk. */
export async function buildScript(cacheFolder: string | undefined): Promise<Uint8Array> {
  const sources = readdirSync(FOLDER).sort().map(name => `${name}\n${readFileSync(join(FOLDER, name), 'utf8')}`)
  return cached(cacheFolder, `script-${hashOf(versionOf('esbuild'), sourceOf(import.meta.url), ...TARGET, ...sources)}.js`, async () => {
    const { build } = await import('esbuild')
    const { outputFiles } = await build({
      entryPoints: [join(FOLDER, 'main.ts')],
      bundle: true,
      format: 'iife',
      minify: true,
      target: TARGET,
      write: false,
      legalComments: 'none',
    })
    return outputFiles[0]!.contents
  })
}
