import type { CheckResult } from '../check/report/verdict.ts'
import { hintsFor } from '../check/report/hints-for.ts'
import type { Content } from '../check/lesson.ts'
import { listLessons } from '../book/list.ts'
import { Problem } from '../problem.ts'
import { fill, wrap, type Page } from '../workspace/page.ts'
import { lessonAfter } from './next.ts'
import { currentLesson, isDone, readProgress, updateProgress } from './progress.ts'

/**
 * The next hint for what failed last, as a text to print; from the last one on, that one again. Where the reader's
 * lesson is done and nothing has failed since, it says so.
 * @throws Problem when nothing has failed, and nothing is done
 */
export function nextHint(content: Content, root: string, page: Page): string {
  const progress = readProgress(root)
  const { failed } = progress
  if (!failed) {
    const lessons = listLessons(root)
    const current = currentLesson(progress, lessons)
    if (current && isDone(progress, current)) {
      const on = lessonAfter(lessons, current) ? ' On to the next lesson: npm run next' : ''
      return wrap(`All that lesson ${current.number} promises held in your last check, so there is no hint to give.${on}`, page.columns)
    }
    throw new Problem('nothing has failed so far, so there is no hint to give', {
      remedy: 'First: npm run check. Hints for an exercise are on its page.',
    })
  }
  const lesson = listLessons(root).find(({ slug }) => slug === failed.lesson)
  const compare = `  npm run compare ${lesson?.number ?? failed.lesson} -- --now`
  const hints = lesson ? hintsFor(content, root, lesson, failed) : []
  const number = Math.min(failed.shown + 1, hints.length)
  const hint = hints[number - 1]
  if (hint === undefined) return wrap('There is no hint for this failure. Its page says what the lesson asks for; to look at '
    + `the book's program:\n${compare}`, page.columns)
  if (failed.shown < number) note(root, number)
  const last = number === hints.length
    ? `\n\nThat is the last one. To look at the book's program:\n${compare}`
    : ''
  return `Hint ${number} of ${hints.length}\n\n${fill(hint, page.columns)}${wrap(last, page.columns)}`
}

// A hint is worth more than its being counted.
function note(root: string, shown: number): void {
  try {
    updateProgress(root, ({ failed, ...others }) => ({ ...others, ...(failed && { failed: { ...failed, shown } }) }))
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    console.error(`npm run hint will give this hint again, for it could not be noted: ${error.message}.`)
  }
}

/** How many hints for what failed in this check, the last one that was written down, have not been shown. */
export function hintsLeft(root: string, { lesson, failure }: Pick<CheckResult, 'lesson' | 'failure'>): number {
  const { failed } = readProgress(root)
  if (failed?.lesson !== lesson.id || failed.behaviour !== failure?.id) return 0
  return Math.max(0, (failure.hints?.length ?? 0) - failed.shown)
}
