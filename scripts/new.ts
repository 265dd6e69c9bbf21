import { makeLesson } from './workbook/book/write/new-lesson.ts'
import { Problem } from './workbook/problem.ts'
import { PROJECT_ROOT } from './workbook/project.ts'
import { readOptions } from './workbook/start/options.ts'
import { main as sync } from './sync.ts'

const USE = 'npm run new "Messages in a stream", with -- --begins NAME'

/**
 * `npm run new "Messages in a stream"` makes the three places of the next lesson, with a text that says what to fill
 * in, and what `npm run sync` writes. Its program is that of the lesson before; `--begins NAME` begins another one.
 * @throws Problem, with nothing made, when one of the places is taken
 */
export async function main(argv: string[], { root = PROJECT_ROOT } = {}): Promise<number> {
  const { values, words: [title] } = readOptions(argv, { begins: { type: 'string' } }, USE, 1)
  if (title === undefined) throw new Problem('what is its title?', { exitCode: 2, remedy: `Use: ${USE}` })
  const { lesson, made } = makeLesson(root, title.trim(), values.begins)
  console.log(`Lesson ${lesson.number} has its places. What to fill in says FILL IN.\n`)
  const kinds = ['the text', 'the program', 'what is promised of it', 'the part that it opens']
  for (const [index, place] of made.entries()) console.log(`  ${kinds[index]?.padEnd(24)}${place}`)
  console.log('')
  const code = await sync([], { root })
  console.log(`\nLook at it: npm run dev. Check its program: npm run check ${lesson.number} -- --of ${made[1]}`)
  return code
}
