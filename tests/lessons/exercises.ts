import { didYouMean, Problem } from '../../scripts/workbook/problem.ts'
import type { Behaviour } from '../../scripts/workbook/check/behaviour.ts'
import { oneLetter, quiet } from './12-the-command-line/exercises.ts'
import { twoDoors } from './13-addresses/exercises.ts'
import { sayGoodbye, visitEnds } from './14-limits/exercises.ts'
import { lessPatience, tellThem } from './15-a-clean-stop/exercises.ts'
import { beforeItIsTooLate, doesTheKeyFit } from './16-a-key-and-a-certificate/exercises.ts'
import { crowdAtTheDoor, howItWasSealed, onlyTheNewest } from './17-echo-over-tls/exercises.ts'
import { daysLeft, pinIt } from './18-whom-do-you-trust/exercises.ts'
import { membersOnly, takeItBack } from './19-both-sides-show-papers/exercises.ts'
import { newPassphrase, threeTries } from './20-a-locked-key/exercises.ts'
import {
  adviceForAddress, countedBytes, everybodysDoor, howMuchWasHeard, numberedGuests, oneByOne, sendAFile, shout,
  tooLong, whoIsStillHere, whoTalksMost,
} from './11-threads/exercises.ts'

/** An exercise at the end of a lesson that can be checked: `npm run check 6 -- --exercise shout`. */
export interface Exercise {
  /** Made of the title of its box, as a link to it would be: "Number your guests" is `number-your-guests`. */
  id: string
  /** The number of its lesson. */
  lesson: number
  /** What holds for a program that solves it; the lesson's own behaviours need not. */
  behaviours: readonly Behaviour[]
}

/** Every exercise that can be checked. The others ask the reader to look at something, or to think. */
export const EXERCISES: readonly Exercise[] = [
  { id: 'somebody-elses-address', lesson: 2, behaviours: [adviceForAddress] },
  { id: 'everybodys-door', lesson: 2, behaviours: [everybodysDoor] },
  { id: 'number-your-guests', lesson: 4, behaviours: [numberedGuests] },
  { id: 'count-the-bytes', lesson: 5, behaviours: [countedBytes] },
  { id: 'shout', lesson: 6, behaviours: [shout] },
  { id: 'one-letter-at-a-time', lesson: 7, behaviours: [oneByOne] },
  { id: 'send-a-file', lesson: 7, behaviours: [sendAFile] },
  { id: 'how-much-was-heard', lesson: 9, behaviours: [howMuchWasHeard] },
  { id: 'who-is-still-here', lesson: 9, behaviours: [whoIsStillHere] },
  { id: 'who-talks-most', lesson: 10, behaviours: [whoTalksMost] },
  { id: 'too-long', lesson: 11, behaviours: [tooLong] },
  { id: 'one-letter-will-do', lesson: 12, behaviours: [oneLetter] },
  { id: 'be-quiet', lesson: 12, behaviours: [quiet] },
  { id: 'two-doors', lesson: 13, behaviours: [twoDoors] },
  { id: 'say-goodbye', lesson: 14, behaviours: [sayGoodbye] },
  { id: 'a-visit-has-an-end', lesson: 14, behaviours: [visitEnds] },
  { id: 'tell-them', lesson: 15, behaviours: [tellThem] },
  { id: 'less-patience-at-the-end', lesson: 15, behaviours: [lessPatience] },
  { id: 'does-the-key-fit', lesson: 16, behaviours: [doesTheKeyFit] },
  { id: 'before-it-is-too-late', lesson: 16, behaviours: [beforeItIsTooLate] },
  { id: 'how-it-was-sealed', lesson: 17, behaviours: [howItWasSealed] },
  { id: 'a-crowd-at-the-door', lesson: 17, behaviours: [crowdAtTheDoor] },
  { id: 'nothing-but-the-newest', lesson: 17, behaviours: [onlyTheNewest] },
  { id: 'days-left', lesson: 18, behaviours: [daysLeft] },
  { id: 'pin-it', lesson: 18, behaviours: [pinIt] },
  { id: 'members-only', lesson: 19, behaviours: [membersOnly] },
  { id: 'take-it-back', lesson: 19, behaviours: [takeItBack] },
  { id: 'a-new-passphrase-too', lesson: 20, behaviours: [newPassphrase] },
  { id: 'three-tries', lesson: 20, behaviours: [threeTries] },
]

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
