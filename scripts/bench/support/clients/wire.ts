import { existsSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

/** What a browser receives for a page, in bytes, for each way in which a host compresses. */
export interface Weight {
  gzip: number
  brotli: number
}

export type Compression = keyof Weight

/** A page with all that it makes a browser load at once. */
export interface PageWeight {
  total: Weight
  /** The part of it that is JavaScript, in files and in the page itself. */
  script: Weight
  /** What it refers to, by the path inside the site. */
  files: string[]
}

const TAG_RE = /<(link|script|img|source|iframe)\b([^>]*)>/g
const IN_PAGE_RE = /<script\b(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g
const IN_STYLE_RE = /(?:url\(\s*|@import\s+)["']?((?!data:|#)[^"')\s]+)/g
/** Relations of a `<link>` for which a browser loads something by itself. */
const LOADED_RE = /\brel="[^"]*\b(stylesheet|icon|preload|modulepreload)\b/

/**
 * Weighs a page of a built site: the page, its style sheets with what these refer to, its scripts,
 * pictures and icon. What a script loads later, when somebody searches, is not part of the page.
 * @param page its path inside `site`
 * @throws Error for something that is not in the site, as that has a weight too
 */
export function weighPage(site: string, page: string): PageWeight {
  const html = read(site, page).toString()
  const files = new Map<string, Buffer>()
  const add = (from: string, href: string) => {
    const path = posix.normalize(posix.join(posix.dirname(from), href.replace(/[?#].*$/, '')))
    if (/^[a-z]+:|^\/\//i.test(href) || !existsSync(join(site, path))) throw new Error(`${from} loads ${href}, which is not in the site`)
    if (files.has(path)) return
    files.set(path, read(site, path))
    if (path.endsWith('.css')) for (const [, inner = ''] of String(files.get(path)).matchAll(IN_STYLE_RE)) add(path, inner)
  }
  for (const href of loadedBy(html)) add(page, href)
  const inPage = [...html.matchAll(IN_PAGE_RE)].map(found => Buffer.from(found[1] ?? ''))
  const scripts = [...files].filter(([path]) => path.endsWith('.js')).map(([, content]) => content)
  return {
    total: sum([Buffer.from(html), ...files.values()]),
    script: sum([...scripts, ...inPage]),
    files: [...files.keys()],
  }
}

function* loadedBy(html: string): Generator<string> {
  for (const [, tag, attributes = ''] of html.matchAll(TAG_RE)) {
    if (tag === 'link' && !LOADED_RE.test(attributes)) continue
    const [, href] = /\s(?:href|src)="([^"]+)"/.exec(attributes) ?? []
    if (href !== undefined && !href.startsWith('data:')) yield href
  }
}

function read(site: string, path: string): Buffer {
  return readFileSync(join(site, path))
}

function sum(contents: readonly Buffer[]): Weight {
  const weights = contents.map(compressed)
  return {
    gzip: weights.reduce((all, { gzip }) => all + gzip, 0),
    brotli: weights.reduce((all, { brotli }) => all + brotli, 0),
  }
}

const known = new Map<string, Weight>()

/** Hosts compress files once and keep them, so at the best level; each file by itself. */
function compressed(content: Buffer): Weight {
  const name = content.toString('latin1')
  const weight = known.get(name) ?? {
    gzip: gzipSync(content, { level: constants.Z_BEST_COMPRESSION }).length,
    brotli: brotliCompressSync(content).length,
  }
  known.set(name, weight)
  return weight
}
