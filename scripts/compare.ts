import { findLesson, listLessons } from './workbook/book/list.ts'
import { Problem } from './workbook/problem.ts'
import { PROJECT_ROOT } from './workbook/project.ts'
import { compareWithBook } from './workbook/workspace/compare.ts'
import { nameOf } from './workbook/progress/next.ts'
import { readOptions } from './workbook/start/options.ts'
import { standardPage } from './workbook/workspace/page.ts'
import { currentLesson, isDone, readProgress } from './workbook/progress/progress.ts'

const USE = 'npm run compare, npm run compare 6, or npm run compare -- --now'

/**
 * `npm run compare [6]` prints the reader's files against the book's as a diff, once that lesson is
 * done; `--now` does so before.
 * @throws Problem when the lesson is not done
 */
export async function main(argv: string[], { root = PROJECT_ROOT } = {}): Promise<number> {
  const { values, words } = readOptions(argv, { now: { type: 'boolean', default: false } }, USE, 1)
  const lessons = listLessons(root)
  const progress = readProgress(root)
  const lesson = words[0] === undefined ? currentLesson(progress, lessons) : findLesson(lessons, words[0], 'npm run compare ')
  if (!lesson) throw new Problem('there are no lessons in lessons/ and code/ yet')
  const done = isDone(progress, lesson)
  if (!done && !values.now) {
    const again = words[0] === undefined ? '' : ` ${lesson.number}`
    throw new Problem(`lesson ${lesson.number} is not done yet, and the book's program would give it away`, {
      remedy: `Check it: npm run check${again}. To look all the same: npm run compare${again} -- --now`,
    })
  }
  const differences = compareWithBook(root, lesson, standardPage())
  console.log(`Lesson ${await nameOf(root, lesson)}${done ? '' : ', which is not done yet'}\n\n${differences}`)
  return 0
}
