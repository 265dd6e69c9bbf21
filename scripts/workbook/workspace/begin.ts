import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Problem } from '../problem.ts'
import { linesOf } from '../text.ts'
import { createFile, createFolder, whatIs } from './files.ts'
import { guarded, reading } from './refusals.ts'

/** The page that stands in workspace/, as git has it. */
export const README = `# Your own code

Write \`server.ts\` here as you follow the lessons. \`npm run mine\` runs it,
\`npm run mine client\` runs \`client.ts\`, and \`npm run check\` tells you whether it
does what the lesson promises.

Nothing in the workbook overwrites or deletes a file of yours in this folder. Its
own are \`progress.json\`, which says what is done, and the folders \`kept-…\`, where
commands keep what they had to move: when a lesson gives a file that you have
changed, yours is kept there. Git ignores all but this page.
`

/**
 * Makes workspace/ with its page, where they are missing.
 * @returns the folder's path, and whether it is new
 * @throws Problem when something else has that name, or it cannot be made
 */
export function makeWorkspace(root: string): { folder: string, isNew: boolean } {
  const folder = join(root, 'workspace')
  const found = guarded(folder, () => whatIs(folder))
  const isFolder = found !== undefined && (statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false)
  if (found !== undefined && !isFolder) {
    throw new Problem('workspace is no folder', { remedy: 'Nothing was changed. Move it away, then: npm run begin' })
  }
  guarded(folder, () => createFolder(folder))
  const page = join(folder, 'README.md')
  if (guarded(page, () => whatIs(page)) === undefined) guarded(page, () => createFile(page, README))
  return { folder, isNew: !isFolder }
}

const MOST_LISTED = 12

/** What a reader has in workspace/, as lines to print. */
export function listWorkspace(folder: string): string[] {
  const names = reading(folder, () => readdirSync(folder))
    .filter(name => !name.startsWith('.') && name !== 'README.md')
    .sort()
  const width = Math.max(...names.map(name => name.length), 12)
  const lines = names.slice(0, MOST_LISTED).map(name => `  ${name.padEnd(width)}   ${describe(join(folder, name), name)}`)
  return names.length > MOST_LISTED ? [...lines, `  and ${names.length - MOST_LISTED} more`] : lines
}

function describe(path: string, name: string): string {
  if (name === 'progress.json') return 'what is done: npm run progress'
  if (/^kept-/.test(name)) return 'what a command had to move'
  const found = whatIs(path)
  if (found === 'folder') return 'a folder'
  if (found === 'link') return 'a link'
  if (found !== 'file' || !/\.[cm]?ts$/.test(name)) return 'a file'
  try {
    const { length } = linesOf(readFileSync(path, 'utf8'))
    return length === 0 ? 'empty' : length === 1 ? '1 line' : `${length} lines`
  } catch {
    return 'a file that cannot be read'
  }
}
