import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { findLesson, listLessons, type LessonEntry } from './workbook/book/list.ts'
import { didYouMean, Problem } from './workbook/problem.ts'
import { PROJECT_ROOT } from './workbook/project.ts'
import { makeWorkspace } from './workbook/workspace/begin.ts'
import { compareWithBook, filesOf } from './workbook/workspace/compare.ts'
import { nameOf } from './workbook/progress/next.ts'
import { readOptions } from './workbook/start/options.ts'
import { standardPage, wrap } from './workbook/workspace/page.ts'
import { swapIn } from './workbook/workspace/swap.ts'
import { currentLesson, isDone, readProgress } from './workbook/progress/progress.ts'

const USE = 'npm run compare, npm run compare 6, with -- --now or -- --restore FILE'

/**
 * `npm run compare [6]` prints the reader's files against the book's as a diff, once that lesson is
 * done; `--now` does so before. `--restore FILE` puts the book's file back into workspace/, after an exercise for
 * one; the reader's is kept.
 * @throws Problem when the lesson is not done, or the book has no such file
 */
export async function main(argv: string[], { root = PROJECT_ROOT } = {}): Promise<number> {
  const { values, words } = readOptions(argv, {
    now: { type: 'boolean', default: false }, restore: { type: 'string' },
  }, USE, 1)
  const lessons = listLessons(root)
  const progress = readProgress(root)
  const lesson = words[0] === undefined ? currentLesson(progress, lessons) : findLesson(lessons, words[0], 'npm run compare ')
  if (!lesson) throw new Problem('there are no lessons in lessons/ and code/ yet')
  if (values.restore !== undefined) bookFile(root, lesson, values.restore)
  const done = isDone(progress, lesson)
  if (!done && !values.now) {
    const again = words[0] === undefined ? '' : ` ${lesson.number}`
    const restore = values.restore === undefined ? '' : ` --restore ${values.restore}`
    throw new Problem(`lesson ${lesson.number} is not done yet, and the book's program would give it away`, {
      remedy: `Check it: npm run check${again}. To ${restore ? 'have it' : 'look'} all the same: npm run compare${again} -- --now${restore}`,
    })
  }
  if (values.restore !== undefined) {
    console.log(restore(root, lesson, values.restore))
    return 0
  }
  const differences = compareWithBook(root, lesson, standardPage())
  console.log(`Lesson ${await nameOf(root, lesson)}${done ? '' : ', which is not done yet'}\n\n${differences}`)
  return 0
}

/** @throws Problem with exit code 2 when the lesson's program has no such file */
function bookFile(root: string, lesson: LessonEntry, word: string): string {
  const names = filesOf(join(root, 'code', lesson.folder))
  const name = word.replace(/^(\.\/)?workspace\//, '')
  if (names.includes(name)) return name
  throw new Problem(`--restore ${word}: the program of lesson ${lesson.number} has no such file`, {
    exitCode: 2, remedy: didYouMean(name, names),
  })
}

function restore(root: string, lesson: LessonEntry, word: string): string {
  const name = bookFile(root, lesson, word)
  const { folder } = makeWorkspace(root)
  const { same, kept } = swapIn(folder, [{ name, content: readFileSync(join(root, 'code', lesson.folder, name)) }])
  if (same.length > 0) return wrap(`workspace/${name} is the book's already, as lesson ${lesson.number} has it.`, standardPage().columns)
  return [
    `workspace/${name} is the book's now, as lesson ${lesson.number} has it.`,
    ...kept === undefined ? [] : [`Yours is kept: workspace/${basename(kept)}/${name}`],
  ].map(line => wrap(line, standardPage().columns)).join('\n')
}
