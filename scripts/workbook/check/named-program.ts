import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { nearest, Problem } from '../problem.ts'
import { writeVariant, type Variant } from './change.ts'
import type { Content } from './lesson.ts'

/** A program of the book's own proofs, which stands in no folder until it is asked for. */
export interface NamedProgram {
  /** Where it is written, relative to the root. */
  folder: string
  /** The lesson whose program it is. */
  lesson: number
  program: Variant
}

/**
 * The program that a word of the command line names: `wrong:closes-too-soon/break` is one that must be refused,
 * `solution:shout` the lesson's with an exercise solved.
 * @returns undefined where the word is a folder
 * @throws Problem with exit code 2, naming the nearest
 */
export function namedProgram(word: string, { lessons, wrong }: Content): NamedProgram | undefined {
  const [, kind, name = ''] = /^(wrong|solution):(.*)$/.exec(word) ?? []
  if (kind === undefined) return undefined
  const known = kind === 'wrong'
    ? wrong.map(({ id, lesson, program }) => ({ id, lesson, program }))
    : lessons.flatMap(({ number, exercises }) =>
        exercises.flatMap(({ id, solution }) => solution ? { id, lesson: number, program: solution } : []))
  const found = known.find(({ id }) => id === name)
  if (!found) {
    const near = nearest(name, known.map(({ id }) => id))
    throw new Problem(`there is no ${kind === 'wrong' ? 'wrong program' : 'solution'} "${name}"`, {
      exitCode: 2, remedy: near === undefined ? 'The rooms of the lessons, in tests/lessons/, name them.' : `Did you mean "${near}"?`,
    })
  }
  return { folder: `.cache/${kind}/${name.replace('/', '-')}`, lesson: found.lesson, program: found.program }
}

/**
 * Writes it, anew, to where it can be read and run.
 * @param root the folder that holds code/
 * @throws Problem when the book there has no such lesson
 */
export function writeNamed({ folder, lesson, program }: NamedProgram, { lessons }: Content, root: string): void {
  const base = join('code', lessons.find(({ number }) => number === lesson)?.folder ?? String(lesson))
  if (!existsSync(join(root, base))) throw new Problem(`${base} is not there, and ${folder} is made from it`, { exitCode: 2 })
  rmSync(join(root, folder), { recursive: true, force: true })
  writeVariant(join(root, base), program, join(root, folder))
}
