import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hashOf } from '../../scripts/workbook/text.ts'
import { currentDependencies, fingerprint, type Dependencies } from './fingerprint.ts'
import { type Language } from './languages.ts'
import { type Tokenize } from './tokenize.ts'

export interface Block {
  code: string
  language: Language
}

/** Highlights blocks that were announced to it. */
export interface Highlighter {
  /** A line of HTML for each line of code. */
  lines: (block: Block) => readonly string[]
  /** How many blocks it had to highlight anew so far. */
  fresh: () => number
  /** Keeps what it has highlighted for the next build. */
  save: () => void
}

/**
 * A highlighter for these blocks. What an earlier build highlighted is taken from the cache, under a
 * name made of the block and of everything else its HTML depends on; shiki is loaded only when a
 * block is new. The file keeps the blocks of this build and no others, so it does not grow.
 */
export async function createHighlighter(
  blocks: Iterable<Block>,
  cacheFolder: string | undefined,
  dependencies: Dependencies = currentDependencies(),
): Promise<Highlighter> {
  const file = cacheFolder && join(cacheFolder, `highlight-${fingerprint(dependencies)}.json`)
  const known = file ? readCache(file) : new Map<string, string[]>()
  const announced = new Set([...blocks].map(nameOf))
  const used = new Map([...known].filter(([name]) => announced.has(name)))
  let fresh = 0
  let tokenize: Tokenize | undefined
  if (used.size < announced.size) tokenize = await (await import('./tokenize.ts')).loadTokenizer()

  return {
    lines(block) {
      const name = nameOf(block)
      const found = used.get(name)
      if (found) return found
      if (!tokenize || !announced.has(name)) throw new Error(`a block was not announced: ${block.code.slice(0, 60)}`)
      const lines = tokenize(block.code, block.language)
      used.set(name, lines)
      fresh++
      return lines
    },
    fresh: () => fresh,
    save() {
      if (file && (fresh > 0 || known.size > used.size)) writeCache(file, used)
    },
  }
}

function nameOf({ code, language }: Block): string {
  return hashOf(language, code)
}

function readCache(file: string): Map<string, string[]> {
  try {
    return new Map(JSON.parse(readFileSync(file, 'utf8')) as [string, string[]][])
  } catch {
    // No cache yet, or a broken one: everything is highlighted anew.
    return new Map()
  }
}

/** Written beside and renamed: a build that runs at the same time never reads half a file. */
function writeCache(file: string, blocks: Map<string, string[]>): void {
  mkdirSync(join(file, '..'), { recursive: true })
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, JSON.stringify([...blocks]))
  renameSync(draft, file)
}
