import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import { hashOf } from '../../scripts/workbook/text.ts'
import { sourceOf, versionOf } from './version.ts'
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

const WORKER = new URL('./font-worker.mjs', import.meta.url)

/** The characters that the fonts must have for these texts, in a fixed order. */
export function charactersOf(texts: Iterable<string>): string {
  const found = new Set(ALWAYS)
  for (const text of texts) for (const character of text) found.add(character)
  return [...found].filter(character => character >= ' ').sort().join('')
}

/** A style sheet that is being made. */
export interface FontSheet {
  /** Known at once: it comes from what goes in, so that pages can name the sheet before it is done. */
  hash: string
  content: Promise<Uint8Array>
}

/**
 * A style sheet that holds the fonts themselves, cut down to `characters`. A font in a file of its own
 * arrives after the text and moves it, or arrives too late and is not used, and from disk some
 * browsers do not load it at all; this one is there before the first line is set. It compresses to
 * the size of the files, and is fetched once for all pages.
 */
export function buildFonts(characters: string, cacheFolder: string | undefined): FontSheet {
  const require = createRequire(import.meta.url)
  const sources = FONTS.map(font => require.resolve(font.source))
  const method = [versionOf('subset-font'), sourceOf(import.meta.url), sourceOf(WORKER)]
  const hash = hashOf(...method, characters, ...sources.map(source => readFileSync(source)))
  return {
    hash,
    content: cached(cacheFolder, `fonts-${hash}.css`, async () => {
      const fonts = await cut(sources, characters)
      const faces = FONTS.map(({ family, weight, style }, index) => {
        const url = `data:font/woff2;base64,${Buffer.from(fonts[index]!).toString('base64')}`
        return `@font-face{font-family:"${family}";font-weight:${weight};font-style:${style};src:url(${url}) format("woff2")}\n`
      })
      return new TextEncoder().encode(faces.join(''))
    }),
  }
}

function cut(sources: string[], characters: string): Promise<Uint8Array[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(WORKER, {
      workerData: { sources, characters, features: FEATURES },
      // The loader that runs our TypeScript is not needed there, and takes a while to start.
      execArgv: [],
    })
    const fonts: Uint8Array[] = []
    worker.on('message', (font: Uint8Array) => fonts.push(font))
    worker.on('error', reject)
    worker.on('exit', () => resolve(fonts))
  })
}
