import { listLessons, type LessonEntry } from '../../book/list.ts'
import { roomOf, type Content } from '../lesson.ts'
import { readHints, type Hint } from './hints.ts'

export { checkHints, hintsFileOf, readHints, type Hint } from './hints.ts'

/** What failed, by ids: a behaviour, and the mistake if one was recognised. */
export interface Failed {
  behaviour: string
  diagnosis?: string | undefined
}

/**
 * The hints that fit what failed in a lesson, as Markdown, the first to show first. What an earlier lesson promised
 * is explained there. What is said about the very mistake comes before what is said about the behaviour, which is
 * left out where the diagnosis is enough.
 * @param root the folder that holds lessons/
 * @throws Problem when the file with the hints is not as it should be
 */
export function hintsFor(content: Content, root: string, lesson: LessonEntry, failed: Failed): string[] {
  const { began, mistakes } = roomOf(content, lesson)
  const entry = listLessons(root).find(({ number }) => number === began.get(failed.behaviour)?.number)
  const fitting = entry ? readHints(content, root, entry).filter(hint => fits(hint, failed)) : []
  const particular = fitting.filter(hint => hint.diagnoses.length > 0)
  const enough = mistakes.some(({ id, enough }) => enough && id === failed.diagnosis)
  const general = enough ? [] : fitting.filter(hint => hint.diagnoses.length === 0)
  return [...particular, ...general].map(hint => hint.text)
}

function fits({ behaviours, diagnoses }: Hint, { behaviour, diagnosis }: Failed): boolean {
  if (!behaviours.includes(behaviour)) return false
  return diagnoses.length === 0 || (diagnosis !== undefined && diagnoses.includes(diagnosis))
}
