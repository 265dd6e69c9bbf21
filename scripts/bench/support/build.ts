import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compiled } from '../../workbook/start/typescript/compile-cache.mjs'
import { run, typescript } from './child.ts'
import type { Shelf } from './copies.ts'

const BUILDER = fileURLToPath(new URL('build-books.ts', import.meta.url))
const YARDSTICK = fileURLToPath(new URL('../yardsticks/build.mjs', import.meta.url))

/** What one build said of itself, and how long its process lasted. */
export interface Build {
  ms: number
  pages: number
  highlighted: number
}

/**
 * Builds the site of a shelf in a process of its own, compiled as `npm run build` is.
 * @param folder gets the site and the cache
 * @param options.cold whether both are emptied first
 */
export async function buildOnce({ roots }: Shelf, folder: string, { cold }: { cold: boolean }): Promise<Build> {
  if (cold) rmSync(folder, { recursive: true, force: true })
  const words = [join(folder, 'site'), join(folder, 'cache'), ...roots]
  const made = await compiled(BUILDER)
  const argv = made === undefined ? typescript(BUILDER, ...words) : [process.execPath, made, ...words]
  const { ms, stdout } = await run(argv)
  return { ...JSON.parse(stdout) as Omit<Build, 'ms'>, ms }
}

/** What shiki matches its grammars with. Both give the same HTML; WASM is ready sooner. */
export type Engine = 'javascript' | 'wasm'

/** Parses and highlights the lessons of a shelf and does nothing else, in a process of its own. */
export async function renderOnce({ roots }: Shelf, engine: Engine): Promise<number> {
  return (await run([process.execPath, YARDSTICK, engine, ...roots])).ms
}

/** What a shelf is called in a table. */
export function nameOf({ lessons, copies }: Shelf): string {
  return copies === 1 ? `${lessons} lessons, the book` : `${lessons} lessons, ${copies} copies`
}
