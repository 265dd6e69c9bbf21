import type { FileChange } from './changes.ts'
import { Problem } from '../problem.ts'
import type { Snippet } from './snippet.ts'

/**
 * Promise 2, "nothing is smuggled in": every line that a lesson adds, changes or removes is inside
 * one of its snippets, or its file is given, so that a reader who types what is shown has the whole program.
 * @param folder the snapshot's folder, for the messages
 * @param said files that the lesson's front matter says are deleted, and those that it gives
 * @returns what is missing, in the order of the files
 */
export function uncovered(
  changes: readonly FileChange[],
  snippets: readonly Snippet[],
  folder: string,
  lessonFile: string,
  said: { leaves: readonly string[], gives: readonly string[] },
): Problem[] {
  return changes.flatMap(change => {
    if (change.status === 'removed') {
      return said.leaves.includes(change.name) ? [] : [new Problem(`${change.name} was in the lesson before and is not in ${folder}/`, {
        place: { file: lessonFile, line: 1 },
        remedy: `If the reader deletes it, say so in the text and in the front matter: leaves: [${change.name}].`,
      })]
    }
    if (said.gives.includes(change.name)) return []
    const own = snippets.filter(snippet => snippet.file === change.name)
    const shown = new Set(own.flatMap(snippet => [...snippet.shown]))
    return hidden(change, shown).map(({ line, text, kind }) => new Problem(
      kind === 'removed'
        ? `this line of the lesson before is gone, and no snippet of ${lessonFile} shows the place: "${text.trim()}"`
        : `no snippet of ${lessonFile} shows this new line: "${text.trim()}"`,
      {
        place: { file: `${folder}/${change.name}`, line },
        remedy: 'Show it, or give the file (gives: in the front matter), or, if an earlier lesson was mended, run npm run carry.',
      },
    ))
  })
}

/** The first line of each block that is new or gone and not shown. */
function hidden(change: FileChange, shown: ReadonlySet<number>): { line: number, text: string, kind: 'new' | 'removed' }[] {
  const found: { line: number, text: string, kind: 'new' | 'removed' }[] = []
  let open = false
  change.lines.forEach(({ kind, text, line }, index) => {
    const before = change.lines.slice(0, index).findLast(other => other.line !== undefined)?.line ?? 0
    const isHidden = text.trim() !== '' && (
      (kind === 'new' && !shown.has(line ?? 0))
      || (kind === 'removed' && !shown.has(before) && !shown.has(before + 1)))
    if (isHidden && !open) found.push({ line: line ?? before + 1, text, kind: kind === 'removed' ? 'removed' : 'new' })
    open = isHidden
  })
  return found
}
