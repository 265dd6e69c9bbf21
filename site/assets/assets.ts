import { hashOf } from '../../scripts/workbook/text.ts'
import { buildFonts } from './fonts.ts'
import { ICON } from './icon.ts'
import { buildScript } from './script.ts'
import { buildStyles } from './styles.ts'

/** Files that pages refer to, each named by a hash of its content: they may be kept for ever. */
export interface Assets {
  files: ReadonlyMap<string, Uint8Array>
  fonts: string
  style: string
  script: string
  icon: string
}

/** Makes the style sheets, the script, the icon, and the fonts cut down to `characters`. */
export async function buildAssets(characters: string, cacheFolder: string | undefined): Promise<Assets> {
  const files = new Map<string, Uint8Array>()
  const add = (name: string, extension: string, content: Uint8Array) => {
    const path = `assets/${name}-${hashOf(content).slice(0, 10)}.${extension}`
    files.set(path, content)
    return path
  }
  const [fonts, style, script] = await Promise.all([
    buildFonts(characters, cacheFolder),
    buildStyles(cacheFolder),
    buildScript(cacheFolder),
  ])
  return {
    files,
    fonts: add('fonts', 'css', fonts),
    style: add('site', 'css', style),
    script: add('site', 'js', script),
    icon: add('icon', 'svg', new TextEncoder().encode(ICON)),
  }
}
