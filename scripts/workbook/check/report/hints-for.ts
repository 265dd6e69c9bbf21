import { BEHAVIOURS } from '../../../../tests/lessons/index.ts'
import { DIAGNOSES } from '../explain/recognise.ts'
import { readHints, type Hint } from './hints.ts'
import type { Verdict } from './verdict.ts'
import { listLessons } from '../../book/list.ts'

export { checkHints, hintsFileOf, readHints, type Hint } from './hints.ts'

/**
 * The hints that fit a verdict, the first to show first; none when nothing failed. What is said about
 * the very mistake comes before what is said about the behaviour, which is left out where the diagnosis
 * is enough.
 * @param root the folder that holds lessons/
 * @param lesson the id of the lesson that was checked
 * @throws Problem when the file with the hints is not as it should be
 */
export function hintsFor(root: string, lesson: string, verdict: Pick<Verdict, 'id' | 'status' | 'diagnosis'>): Hint[] {
  if (verdict.status !== 'failed') return []
  const lessons = listLessons(root)
  const began = BEHAVIOURS.find(behaviour => behaviour.id === verdict.id)?.from
  // What an earlier lesson promised is explained there.
  for (const entry of [lessons.find(({ slug }) => slug === lesson), lessons.find(({ number }) => number === began)]) {
    const fitting = entry ? readHints(root, entry).filter(hint => fits(hint, verdict)) : []
    if (fitting.length > 0) {
      const particular = fitting.filter(hint => hint.diagnoses.length > 0)
      const enough = DIAGNOSES.some(({ id, enough }) => enough && id === verdict.diagnosis?.id)
      return enough ? particular : [...particular, ...fitting.filter(hint => hint.diagnoses.length === 0)]
    }
  }
  return []
}

function fits({ behaviours, diagnoses }: Hint, { id, diagnosis }: Pick<Verdict, 'id' | 'diagnosis'>): boolean {
  if (!behaviours.includes(id)) return false
  return diagnoses.length === 0 || (diagnosis !== undefined && diagnoses.includes(diagnosis.id))
}
