import { CONTENT } from '../tests/lessons/index.ts'
import { PROJECT_ROOT } from './workbook/project.ts'
import { nextHint } from './workbook/progress/hint.ts'
import { readOptions } from './workbook/start/options.ts'
import { standardPage } from './workbook/workspace/page.ts'

/**
 * `npm run hint` prints the next hint for what failed last, one at a time.
 * @throws Problem when nothing has failed, and nothing is done
 */
export async function main(argv: string[], { root = PROJECT_ROOT } = {}): Promise<number> {
  readOptions(argv, {}, 'npm run hint')
  console.log(nextHint(CONTENT, root, standardPage()))
  return 0
}
