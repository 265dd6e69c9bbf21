import { listLessons } from './workbook/book/list.ts'
import { PROJECT_ROOT } from './workbook/project.ts'
import { goOn } from './workbook/progress/next.ts'
import { readOptions } from './workbook/start/options.ts'

/**
 * `npm run next` moves on to the next lesson when this one is done; `npm run next 6` goes to lesson 6 in
 * any case. No other command but catch-up does. It puts the files that the lesson gives into workspace/.
 * @throws Problem when this lesson is not done, or is the last
 */
export async function main(argv: string[], { root = PROJECT_ROOT } = {}): Promise<number> {
  const { words } = readOptions(argv, {}, 'npm run next, or npm run next 6', 1)
  console.log((await goOn(root, listLessons(root), words[0])).told)
  return 0
}
