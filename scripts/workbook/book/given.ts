import type { Token } from 'markdown-it'
import type { FileChange } from '../snippet/changes.ts'
import type { ContainerMeta } from './markdown.ts'
import { collectProblems, didYouMean, Problem } from '../problem.ts'

/**
 * Promise 3, given files: each file that the front matter gives is new or changed in the lesson's program, and
 * one box `::: given NAME` says what it does.
 * @throws Problem or Problems
 */
export function checkGiven(
  tokens: readonly Token[], gives: readonly string[], changes: readonly FileChange[],
  { file, bodyLine, folder }: { file: string, bodyLine: number, folder: string },
): void {
  const boxes = tokens.flatMap((token, index) => token.type === 'container_given_open'
    ? [{ name: nameOf(token), place: { file, line: bodyLine + (token.map?.[0] ?? 0) }, isEmpty: tokens[index + 1]?.type !== 'paragraph_open' }]
    : [])
  const standing = changes.filter(({ status }) => status !== 'removed')
  const place = { file, line: 1 }
  collectProblems([
    ...gives.map((name, index) => () => {
      const change = standing.find(other => other.name === name)
      if (!change) {
        throw new Problem(`front matter, gives: ${folder}/ has no file ${name}`, { place, remedy: didYouMean(name, standing.map(other => other.name)) })
      }
      if (gives.indexOf(name) < index) throw new Problem(`front matter, gives: ${name} is given twice`, { place })
      if (change.status === 'same') {
        throw new Problem(`front matter, gives: ${name} is as it was in the lesson before`, { place, remedy: 'The reader has it: take it off the list.' })
      }
      if (!boxes.some(box => box.name === name)) {
        throw new Problem(`front matter, gives: no box shows ${name}`, {
          place, remedy: `Write one: ::: given ${name}, a paragraph that says what the file does, and :::.`,
        })
      }
    }),
    ...boxes.map(({ name, place, isEmpty }, index) => () => {
      if (!gives.includes(name)) {
        throw new Problem(`the box shows "${name}", and the front matter does not give that`, { place, remedy: didYouMean(name, gives) })
      }
      if (boxes.findIndex(box => box.name === name) < index) throw new Problem(`a second box shows ${name}`, { place })
      if (isEmpty) throw new Problem(`this box does not say what ${name} does`, { place, remedy: 'Begin it with a paragraph.' })
    }),
  ])
}

/** The file that a box `given` shows. */
export function nameOf(token: Token | undefined): string {
  return ((token?.meta ?? {}) as unknown as ContainerMeta).title
}
