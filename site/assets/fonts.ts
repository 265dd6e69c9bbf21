import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { hashOf } from '../../scripts/workbook/text.ts'
import { cached } from './store.ts'

/** Two faces: Source Serif 4 for words, IBM Plex Mono for what a computer reads or prints. */
const SERIF = '@fontsource/source-serif-4/files/source-serif-4-latin'
const MONO = '@fontsource/ibm-plex-mono/files/ibm-plex-mono-latin'
const FONTS = [
  { family: 'Source Serif 4', weight: 400, style: 'normal', source: `${SERIF}-400-normal.woff2` },
  { family: 'Source Serif 4', weight: 400, style: 'italic', source: `${SERIF}-400-italic.woff2` },
  { family: 'Source Serif 4', weight: 600, style: 'normal', source: `${SERIF}-600-normal.woff2` },
  { family: 'IBM Plex Mono', weight: 400, style: 'normal', source: `${MONO}-400-normal.woff2` },
  { family: 'IBM Plex Mono', weight: 600, style: 'normal', source: `${MONO}-600-normal.woff2` },
]

/** What every page may need, whatever the lessons hold: basic Latin and the signs of the layout. */
const ALWAYS = `${Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join('')}\u00a0–—‘’“”…·×§−`

const FEATURES = ['kern', 'liga', 'calt', 'ccmp', 'locl', 'mark']

/** Part of the name in the cache: changes when the way a font is cut does. */
const METHOD = `subset-font 2.9.0 ${FEATURES.join()}`

/** The characters that the fonts must have for these texts, in a fixed order. */
export function charactersOf(texts: Iterable<string>): string {
  const found = new Set(ALWAYS)
  for (const text of texts) for (const character of text) found.add(character)
  return [...found].filter(character => character >= ' ').sort().join('')
}

/**
 * A style sheet that holds the fonts themselves, cut down to `characters`. A font in a file of its own
 * arrives after the text and moves it, or arrives too late and is not used, and from disk some
 * browsers do not load it at all; this one is there before the first line is set. It compresses to
 * the size of the files, and is fetched once for all pages.
 */
export async function buildFonts(characters: string, cacheFolder: string | undefined): Promise<Uint8Array> {
  const faces: string[] = []
  for (const font of FONTS) {
    const bytes = await subset(font.source, characters, cacheFolder)
    const url = `data:font/woff2;base64,${Buffer.from(bytes).toString('base64')}`
    faces.push(`@font-face{font-family:"${font.family}";font-weight:${font.weight};font-style:${font.style};src:url(${url}) format("woff2")}\n`)
  }
  return new TextEncoder().encode(faces.join(''))
}

function subset(name: string, characters: string, cacheFolder: string | undefined): Promise<Uint8Array> {
  const source = readFileSync(createRequire(import.meta.url).resolve(name))
  return cached(cacheFolder, `font-${hashOf(source, characters, METHOD)}.woff2`, async () => {
    const { default: subsetFont } = await import('subset-font')
    return subsetFont(source, characters, { targetFormat: 'woff2', keepFeatures: FEATURES })
  })
}
