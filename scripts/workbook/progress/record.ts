import type { CheckResult } from '../check/report/verdict.ts'
import type { LessonEntry } from '../book/list.ts'
import { currentLesson, isDone, type LastFailure, type Progress, updateProgress } from './progress.ts'

/**
 * Writes down what became of a check of workspace/: the lesson is done, or what failed, or nothing, where
 * the machine was too busy to prove all of it. The reader stays
 * on the lesson they are on. Where the mistake was recognised, the first hint counts as shown, since the check
 * prints it.
 * @throws Problem when workspace/progress.json cannot be read or written
 */
export function recordCheck(root: string, lessons: readonly LessonEntry[], result: CheckResult): Progress {
  return updateProgress(root, progress => {
    const { failed, ...others } = progress
    const current = currentLesson(progress, lessons)?.slug
    // What was not proved because the machine was too busy may still be wrong.
    if (!result.failure && !result.complete) return progress
    if (!result.passed) return { ...progress, failed: failureOf(result, failed) ?? failed }
    const known = isDone(progress, { slug: result.lesson.id })
    return {
      ...others,
      ...(current !== undefined && { current }),
      done: known ? progress.done : { ...progress.done, [result.lesson.id]: new Date().toISOString() },
      // What failed in another lesson has not been mended by this.
      ...(failed && failed.lesson !== result.lesson.id && { failed }),
    }
  })
}

function failureOf({ lesson, failure }: CheckResult, before?: LastFailure): LastFailure | undefined {
  if (!failure) return undefined
  const shown = failure.diagnosis ? Math.min(1, failure.hints?.length ?? 0) : 0
  const now: LastFailure = {
    lesson: lesson.id,
    behaviour: failure.id,
    ...(failure.diagnosis && { diagnosis: failure.diagnosis.id }),
    shown,
  }
  return before && isSame(before, now) ? { ...now, shown: Math.max(shown, before.shown) } : now
}

function isSame(one: LastFailure, other: LastFailure): boolean {
  return one.lesson === other.lesson && one.behaviour === other.behaviour && one.diagnosis === other.diagnosis
}
