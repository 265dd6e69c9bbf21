import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { findLesson, listLessons, peekFrontMatter, type LessonEntry } from './workbook/book/list.ts'
import { PROJECT_ROOT } from './workbook/project.ts'
import { chooseProgram, runProgram } from './workbook/start/run-program.ts'

/**
 * `npm run lesson:6 [program] [args…]` runs a program of lesson 6 as if it had been started directly.
 * `npm run lesson` lists the lessons.
 * @throws Problem with exit code 2 for a lesson or a program that is not there
 */
export async function main(argv: string[], { root = PROJECT_ROOT } = {}): Promise<number | void> {
  const [word, ...rest] = argv
  const lessons = listLessons(root)
  if (word === undefined) {
    console.log((await Promise.all(lessons.map(lesson => describe(root, lesson)))).join('\n'))
    return 0
  }
  const lesson = findLesson(lessons, word)
  const { program, args } = chooseProgram(root, `code/${lesson.folder}`, rest, {
    missing: `lesson ${lesson.number} has no program yet`,
    again: `npm run lesson:${lesson.number}`,
  })
  // A client needs its server; any other program says for itself what it is for.
  const poke = program === 'client' ? `npm run lesson:${lesson.number}` : await peekFrontMatter(root, lesson, 'poke')
  await runProgram(root, `code/${lesson.folder}/${program}.ts`, args, poke && !isElsewhere(args) ? withOwnNc(poke) : undefined)
}

/** Whether a program may be at another place than the lesson says: it prints itself where that is. */
function isElsewhere(args: readonly string[], { HOST, PORT } = process.env): boolean {
  return args.some(word => word.startsWith('-')) || Boolean(HOST || PORT)
}

async function describe(root: string, lesson: LessonEntry): Promise<string> {
  const title = await peekFrontMatter(root, lesson, 'title') ?? lesson.slug
  return `npm run lesson:${String(lesson.number).padEnd(4)} ${title}`
}

function withOwnNc(poke: string): string {
  const has = (process.env.PATH ?? '').split(delimiter).some(folder => existsSync(join(folder, 'nc')))
  return has ? poke : poke.replace(/^nc /, 'npm run nc -- ')
}
