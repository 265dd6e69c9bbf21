import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { givesOf, type LessonEntry } from '../book/list.ts'
import { makeWorkspace } from './begin.ts'
import { whatIs } from './files.ts'
import { standardPage, wrap } from './page.ts'
import { guarded } from './refusals.ts'
import { swapIn, type NewFile } from './swap.ts'

/**
 * Puts the files that a lesson gives into workspace/. A file of the reader's with such a name is kept, as catch-up
 * does it; one that is still as an earlier lesson of the book had it makes room.
 * @param onlyMissing leaves alone whatever has such a name
 * @returns what was done, as lines to print; undefined where there was nothing to do
 * @throws Problem, with everything as it was before, when a file cannot be put there
 */
export async function give(
  root: string, lessons: readonly LessonEntry[], lesson: LessonEntry, { onlyMissing = false } = {},
): Promise<string | undefined> {
  const names = (await givesOf(root, lesson)).filter(name => existsSync(bookFile(root, lesson, name)))
  if (names.length === 0) return undefined
  const { folder } = makeWorkspace(root)
  const files = names.filter(name => !onlyMissing || guarded(folder, () => whatIs(join(folder, name))) === undefined)
    .map((name): NewFile => ({ name, content: readFileSync(bookFile(root, lesson, name)) }))
  const earlier = lessons.filter(({ number }) => number < lesson.number)
  const isBooks = ({ name, content }: NewFile) => earlier.some(other =>
    existsSync(bookFile(root, other, name)) && readFileSync(bookFile(root, other, name)).equals(content))
  const { placed, moved, kept } = swapIn(folder, files, isBooks)
  if (placed.length === 0) return undefined
  return [
    `Given with lesson ${lesson.number}, in workspace/ now: ${placed.join(', ')}`,
    ...kept === undefined ? [] : [`Yours is kept in workspace/${basename(kept)}/: ${moved.join(', ')}`],
  ].map(line => wrap(line, standardPage().columns)).join('\n')
}

function bookFile(root: string, lesson: LessonEntry, name: string): string {
  return join(root, 'code', lesson.folder, name)
}
