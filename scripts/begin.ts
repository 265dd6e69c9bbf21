import { listLessons } from './workbook/book/list.ts'
import { PROJECT_ROOT } from './workbook/project.ts'
import { listWorkspace, makeWorkspace } from './workbook/workspace/begin.ts'
import { give } from './workbook/workspace/give.ts'
import { whereToRead } from './workbook/progress/next.ts'
import { readOptions } from './workbook/start/options.ts'
import { currentLesson, readProgress } from './workbook/progress/progress.ts'

/**
 * `npm run begin` makes workspace/, says what is there and what to read first. It may be run again at
 * any time. What the lesson gives and is missing there is put there.
 * @throws Problem when the folder cannot be made
 */
export async function main(argv: string[], { root = PROJECT_ROOT } = {}): Promise<number> {
  readOptions(argv, {}, 'npm run begin')
  const { folder, isNew } = makeWorkspace(root)
  const lessons = listLessons(root)
  const lesson = currentLesson(readProgress(root), lessons)
  const given = lesson && await give(root, lessons, lesson, { onlyMissing: true })
  const found = listWorkspace(folder)
  console.log(`workspace/ is ${isNew ? 'made' : 'there'}, and it is yours: no command overwrites a file in it.\n`)
  console.log(found.length > 0 ? found.join('\n') : '  Nothing of yours is in it so far.')
  if (given !== undefined) console.log(`\n${given}`)
  if (lesson) console.log(`\n${await whereToRead(root, lesson)}`)
  console.log('\nAll commands: npm run help')
  return 0
}
