import type { CheckedLesson } from '../../scripts/workbook/check/lesson.ts'
import { CONTENT } from '../lessons/index.ts'

/** The room of a lesson of the book. @throws Error when there is none */
export function room(lesson: number): CheckedLesson {
  const found = CONTENT.lessons.find(({ number }) => number === lesson)
  if (!found) throw new Error(`lesson ${lesson} has no room in tests/lessons`)
  return found
}
