import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildSite, type BuildResult } from '../site/build/build.ts'
import type { Tried } from '../site/site.ts'
import { CONTENT } from '../tests/lessons/index.ts'
import type { Content } from './workbook/check/lesson.ts'
import { Problem } from './workbook/problem.ts'
import { PROJECT_ROOT } from './workbook/project.ts'
import { readWorkbook } from './workbook/book/read.ts'

/** Where the finished site of a project stands. */
export function siteFolder(root: string): string {
  return join(root, 'site', 'dist')
}

/** What the pages say of the checker: of each lesson in which something holds. */
export function triedIn({ lessons }: Content): Map<number, Tried> {
  return new Map(lessons.filter(({ behaviours }) => behaviours.length > 0).map(({ number, own, behaviours }) =>
    [number, { own: own.map(({ title }) => title), earlier: behaviours.length - own.length }]))
}

/** Builds the site of the project at `root`. */
export async function build(root: string, options: { search?: boolean } = {}): Promise<BuildResult> {
  return buildSite(readWorkbook(root), { out: siteFolder(root), cacheFolder: join(root, '.cache'), tried: triedIn(CONTENT), ...options })
}

/**
 * `npm run build` makes site/dist: static files for any host, or to open from disk.
 * @throws Problem for whatever is wrong in a lesson, and for an argument
 */
export async function main(argv: string[], { root = PROJECT_ROOT } = {}): Promise<void> {
  try {
    parseArgs({ args: argv, options: {} })
  } catch {
    throw new Problem(`npm run build takes no argument "${argv[0]}"`, { exitCode: 2 })
  }
  const start = performance.now()
  const { pages, written } = await build(root)
  const seconds = ((performance.now() - start) / 1000).toFixed(2)
  console.log(`site/dist/index.html: ${pages} pages in ${seconds} s, ${written.length} files changed`)
}
