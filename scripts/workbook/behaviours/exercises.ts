import { didYouMean, Problem } from '../problem.ts'
import type { Behaviour } from './behaviour.ts'

/** An exercise at the end of a lesson that can be checked. */
export interface Exercise {
  /** Made of the title of its box: "Number your guests" is `number-your-guests`. */
  id: string
  /** The number of its lesson. */
  lesson: number
  /** What holds for a program that solves it; the lesson's own behaviours need not. */
  behaviours: readonly Behaviour[]
}

export const EXERCISES: readonly Exercise[] = []

/**
 * The exercise of a lesson that a word on the command line means.
 * @throws Problem with exit code 2, naming the nearest
 */
export function findExercise(word: string, lesson: number): Exercise {
  const known = EXERCISES.filter(exercise => exercise.lesson === lesson)
  const found = known.find(exercise => exercise.id === word)
  if (found) return found
  throw new Problem(`lesson ${lesson} has no exercise "${word}" that can be checked`, {
    exitCode: 2, remedy: didYouMean(word, known.map(exercise => exercise.id)),
  })
}
