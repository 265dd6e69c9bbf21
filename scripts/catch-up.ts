import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { beginsAnew, findLesson, givesOf, type LessonEntry, listLessons } from './workbook/book/list.ts'
import { Problem } from './workbook/problem.ts'
import { PROJECT_ROOT } from './workbook/project.ts'
import { listWorkspace, makeWorkspace } from './workbook/workspace/begin.ts'
import { filesOf } from './workbook/workspace/compare.ts'
import { moveOn, nameOf, whereToRead } from './workbook/progress/next.ts'
import { readOptions } from './workbook/start/options.ts'
import { standardPage, wrap } from './workbook/workspace/page.ts'
import { readProgress } from './workbook/progress/progress.ts'
import { swapIn, type NewFile, type Swapped } from './workbook/workspace/swap.ts'

const USE = 'npm run catch-up 6'

/**
 * `npm run catch-up 6` puts the program as it stands before lesson 6 into workspace/, with the files that
 * lesson 6 gives. What has the same names is kept in a dated folder there; everything else stays as it is.
 * @throws Problem, with nothing changed, when a file cannot be put there
 */
export async function main(argv: string[], { root = PROJECT_ROOT } = {}): Promise<number> {
  const { words: [word] } = readOptions(argv, {}, USE, 1)
  if (word === undefined) throw new Problem('to which lesson?', { exitCode: 2, remedy: `Use: ${USE}` })
  const lessons = listLessons(root)
  const lesson = findLesson(lessons, word, 'npm run catch-up ')
  const before = lessons[lessons.indexOf(lesson) - 1]
  if (!before) {
    console.log(`Nothing to catch up: lesson ${lesson.number} begins with an empty file. See: npm run begin`)
    return 0
  }
  // Broken progress is told before anything moves.
  readProgress(root)
  const { folder } = makeWorkspace(root)
  // One exchange for all: where the lesson gives a file anew, the one before it need not be put there first.
  const given = filesIn(root, lesson, await givesOf(root, lesson))
  const anew = beginsAnew(root, lesson)
  const files = anew ? [] : programOf(root, before).filter(({ name }) => !given.some(file => file.name === name))
  const swapped = swapIn(folder, [...files, ...given])
  console.log(describe(swapped, { title: await nameOf(root, lesson), anew }, given.map(({ name }) => name)))
  console.log(`\nIn workspace/ now:\n${listWorkspace(folder).join('\n')}\n`)
  moveOn(root, lesson)
  console.log(await whereToRead(root, lesson))
  return 0
}

function programOf(root: string, lesson: LessonEntry): NewFile[] {
  const names = filesOf(join(root, 'code', lesson.folder))
  if (names.length === 0) throw new Problem(`lesson ${lesson.number} has no program yet, so there is none to put into workspace/`)
  return filesIn(root, lesson, names)
}

function filesIn(root: string, { folder }: LessonEntry, names: readonly string[]): NewFile[] {
  return names.map(name => ({ name, path: join(root, 'code', folder, name) }))
    .filter(({ path }) => existsSync(path))
    .map(({ name, path }) => ({ name, content: readFileSync(path) }))
}

function describe(
  { placed, same, moved, kept }: Swapped, { title, anew }: { title: string, anew: boolean }, given: readonly string[],
): string {
  const all = [...placed, ...same].filter(name => !given.includes(name))
  return [
    anew
      ? `Lesson ${title}, begins a new program. Its page says where your old files go.`
      : placed.length === 0
        ? `workspace/ has the program as it stands before lesson ${title}, already.`
        : `The program as it stands before lesson ${title}, is in workspace/ now: ${all.join(', ')}`,
    ...(placed.length === 0 || given.length === 0 ? [] : [`With it, given with that lesson: ${given.join(', ')}`]),
    ...(kept === undefined ? [] : [
      `What was there is kept in workspace/${basename(kept)}/: ${moved.join(', ')}`,
      `To have it back: cp -r workspace/${basename(kept)}/. workspace/`,
    ]),
  ].map(line => wrap(line, standardPage().columns)).join('\n')
}
