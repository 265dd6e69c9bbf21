import { findLesson, type LessonEntry, peekFrontMatter } from '../book/list.ts'
import { Problem } from '../problem.ts'
import { give } from '../workspace/give.ts'
import { currentLesson, isDone, type Progress, readProgress, updateProgress } from './progress.ts'

/**
 * Moves the reader on: to the lesson after the one they are on, once that is done, or to the one they name. What it
 * gives is put into workspace/; on the way back, only what is missing there.
 * @param check how the lesson is checked from here
 * @returns the lesson, and lines to print
 * @throws Problem when the lesson they are on is not done, or is the last
 */
export async function goOn(
  root: string, lessons: readonly LessonEntry[], word?: string, check?: string,
): Promise<{ lesson: LessonEntry, told: string }> {
  const lesson = word === undefined ? following(root, lessons) : findLesson(lessons, word, 'npm run next ')
  const current = currentLesson(readProgress(root), lessons)
  const onlyMissing = current !== undefined && lesson.number <= current.number
  const given = await give(root, lessons, lesson, { onlyMissing })
  moveOn(root, lesson)
  return { lesson, told: [given, await whereToRead(root, lesson, check)].filter(text => text !== undefined).join('\n\n') }
}

/** Writes down that the reader is on a lesson. */
export function moveOn(root: string, next: LessonEntry): void {
  updateProgress(root, progress => progress.current === next.slug ? progress : { ...progress, current: next.slug })
}

/** The lesson after another, if it is written. */
export function lessonAfter(lessons: readonly LessonEntry[], lesson: LessonEntry): LessonEntry | undefined {
  return lessons[lessons.findIndex(other => other.number === lesson.number) + 1]
}

function following(root: string, lessons: readonly LessonEntry[]): LessonEntry {
  const progress = readProgress(root)
  const current = currentLesson(progress, lessons)
  if (!current) throw new Problem('there are no lessons in lessons/ and code/ yet')
  const next = lessonAfter(lessons, current)
  if (!isDone(progress, current)) {
    throw new Problem(`lesson ${current.number} is not done yet`, {
      remedy: next
        ? `Check it: npm run check. To go on all the same: npm run next ${next.number}`
        : 'Check it: npm run check',
    })
  }
  if (!next) throw new Problem(`lesson ${current.number} is the last one that is written`)
  return next
}

/** What a reader may do when their program has passed, as a line to print. */
export function whatNow(progress: Progress, lessons: readonly LessonEntry[], lesson: LessonEntry): string {
  const next = lessonAfter(lessons, lesson)
  const word = currentLesson(progress, lessons)?.number === lesson.number ? '' : ` ${next?.number}`
  const on = next ? `Done. On to lesson ${next.number}: npm run next${word}.` : 'Done, and it is the last so far.'
  return `${on} Against the book's: npm run compare ${lesson.number}`
}

/**
 * Where a lesson is read, and how it goes on from there, as lines to print.
 * @param check how it is checked from here
 */
export async function whereToRead(root: string, lesson: LessonEntry, check = 'npm run check'): Promise<string> {
  return [
    `You are on lesson ${await nameOf(root, lesson)}.`,
    '',
    `  read it    lessons/${lesson.folder}.md, or the site: npm start`,
    '  write it   in workspace/',
    '  run it     npm run mine',
    `  check it   ${check}`,
  ].join('\n')
}

/** `6, Echo` */
export async function nameOf(root: string, lesson: LessonEntry): Promise<string> {
  return `${lesson.number}, ${await peekFrontMatter(root, lesson, 'title') ?? lesson.slug}`
}
