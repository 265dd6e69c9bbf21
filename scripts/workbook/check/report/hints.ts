import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type * as Yaml from 'yaml'
import type * as Zod from 'zod'
import { listLessons, type LessonEntry } from '../../book/list.ts'
import { collectProblems, didYouMean, Problem } from '../../problem.ts'
import { roomOf, type CheckedLesson, type Content } from '../lesson.ts'

/** One step of help, from a nudge to nearly the answer. */
export interface Hint {
  /** Markdown in the book's voice. */
  text: string
  /** The ids of the behaviours that it helps with. */
  behaviours: string[]
  /** The ids of the diagnoses that it answers; none when it fits any failure of those behaviours. */
  diagnoses: string[]
}

/** The file with the hints of a lesson, relative to the root. */
export function hintsFileOf({ folder }: LessonEntry): string {
  return `tests/lessons/${folder}/hints.yaml`
}

/**
 * The hints of a lesson, in the order of its file; none while it has no file.
 * @throws Problem or Problems with file and line for what is not as it should be
 */
export function readHints(content: Content, root: string, lesson: LessonEntry): Hint[] {
  const room = roomOf(content, lesson)
  const file = hintsFileOf(lesson)
  if (!existsSync(join(root, file))) return []
  const { parseDocument, LineCounter, isNode } = require('yaml') as typeof Yaml
  const lines = new LineCounter()
  const document = parseDocument(readFileSync(join(root, file), 'utf8'), { lineCounter: lines })
  const broken = document.errors[0]
  if (broken) {
    throw new Problem(`this is not YAML: ${broken.message.split('\n')[0]?.replace(/ at line .*$/, '')}`, {
      place: { file, line: lines.linePos(broken.pos[0]).line },
    })
  }
  const lineOf = (path: readonly PropertyKey[]): number => {
    for (let length = path.length; length > 0; length--) {
      const node = document.getIn(path.slice(0, length), true)
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line
    }
    return 1
  }
  const result = schema().safeParse(document.toJS())
  if (!result.success) {
    collectProblems(result.error.issues.map(issue => () => { throw explain(issue, file, lineOf(issue.path)) }))
    throw new Error('unreachable')
  }
  collectProblems(result.data.flatMap((hint, index) => [
    ...hint.for.map((id, place) => () => expectBehaviour(id, room, { file, line: lineOf([index, 'for', place]) })),
    ...hint.when.map((id, place) => () => expectMistake(id, room, { file, line: lineOf([index, 'when', place]) })),
  ]))
  return result.data.map(hint => ({ text: hint.text.trim(), behaviours: hint.for, diagnoses: hint.when }))
}

/**
 * Checks the hints of every lesson that has any, and that no behaviour of those lessons is without: one
 * that fits whatever the failure.
 * @throws Problem or Problems with file and line
 */
export function checkHints(content: Content, root: string): void {
  collectProblems(listLessons(root).filter(lesson => existsSync(join(root, hintsFileOf(lesson)))).map(lesson => () => {
    const hints = readHints(content, root, lesson)
    collectProblems(roomOf(content, lesson).own.map(({ id }) => () => {
      if (hints.some(hint => hint.behaviours.includes(id) && hint.diagnoses.length === 0)) return
      throw new Problem(`no hint fits every failure of "${id}", which begins in this lesson`, {
        place: { file: hintsFileOf(lesson), line: 1 },
        remedy: `Add a hint without "when" that has ${id} in its "for".`,
      })
    }))
  }))
}

// A passing check gives no hints, and must not wait for what reads them: it takes 80 ms.
const require = createRequire(import.meta.url)

/** What a file with hints holds. */
function schema() {
  const { z } = require('zod') as typeof Zod
  const hint = z.strictObject({
    for: z.array(z.string()).min(1).describe('The ids of the behaviours that it helps with.'),
    when: z.array(z.string()).min(1).default([]).describe('Only for these diagnoses; without it for any failure.'),
    text: z.string().min(20).describe('Markdown.'),
  })
  return z.array(hint).min(3).max(8)
}

function explain(issue: Zod.core.$ZodIssue, file: string, line: number): Problem {
  if (issue.code === 'unrecognized_keys') {
    return new Problem(`a hint has no key "${issue.keys[0]}"`, {
      place: { file, line }, remedy: didYouMean(issue.keys[0] ?? '', ['for', 'when', 'text']),
    })
  }
  const [index, ...path] = issue.path
  const where = index === undefined ? 'the list of hints' : `hint ${Number(index) + 1}, ${path.join('.') || 'as a whole'}`
  return new Problem(`${where}: ${issue.message}`, { place: { file, line } })
}

function expectBehaviour(id: string, { behaviours }: CheckedLesson, place: { file: string, line: number }): void {
  const known = behaviours.map(behaviour => behaviour.id)
  if (known.includes(id)) return
  throw new Problem(`no behaviour "${id}" holds in this lesson`, { place, remedy: didYouMean(id, known) })
}

function expectMistake(id: string, { mistakes }: CheckedLesson, place: { file: string, line: number }): void {
  const known = [...new Set(mistakes.map(mistake => mistake.id))]
  if (!known.includes(id)) throw new Problem(`there is no diagnosis "${id}"`, { place, remedy: didYouMean(id, known) })
}
