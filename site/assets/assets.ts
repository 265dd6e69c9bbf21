import { hashOf } from '../../scripts/workbook/text.ts'
import { buildFonts } from './fonts.ts'
import { ICON } from './icon.ts'
import { buildScript } from './script.ts'
import { buildStyles } from './styles.ts'

/** Files that pages refer to, each named by a hash of its content: they may be kept for ever. */
export interface Assets {
  fonts: string
  style: string
  script: string
  icon: string
  /** The files themselves. The names are known before: fonts take longest to make. */
  files: Promise<[path: string, content: Uint8Array][]>
}

/** Makes the style sheets, the script, the icon, and the fonts cut down to `characters`. */
export async function buildAssets(characters: string, cacheFolder: string | undefined): Promise<Assets> {
  const fontSheet = buildFonts(characters, cacheFolder)
  const [style, script] = await Promise.all([buildStyles(cacheFolder), buildScript(cacheFolder)])
  const icon = new TextEncoder().encode(ICON)
  const path = (name: string, hash: string, extension: string) => `assets/${name}-${hash.slice(0, 10)}.${extension}`
  const paths = {
    fonts: path('fonts', fontSheet.hash, 'css'),
    style: path('site', hashOf(style), 'css'),
    script: path('site', hashOf(script), 'js'),
    icon: path('icon', hashOf(icon), 'svg'),
  }
  return {
    ...paths,
    files: fontSheet.content.then(fonts => [
      [paths.fonts, fonts], [paths.style, style], [paths.script, script], [paths.icon, icon],
    ]),
  }
}
