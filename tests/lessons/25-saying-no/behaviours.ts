import type { Behaviour } from '#workbook/check/behaviour.ts'
import { outlivesACrowd } from './crowd.ts'
import { endsSlowBodies, endsSlowHeads, ownTimeIsFree, waitsForBodies, waitsForHeads } from './deadlines.ts'
import { answerSurvives, limitsExtensions, refusesLargeBodies, refusesLongRequests } from './limits.ts'
import { refusesChunks, refusesFields, refusesFraming, refusesRequestLines, wantsAHost, wantsALength } from './refusals.ts'
import { saysWhatIsAllowed, takesTheRest } from './taken.ts'

/** What begins to hold in lesson 25, in the order in which it is told. */
export const behaviours: readonly Behaviour[] = [
  refusesFraming, refusesRequestLines, refusesFields, wantsAHost, wantsALength, refusesChunks, takesTheRest,
  saysWhatIsAllowed, refusesLongRequests, limitsExtensions, refusesLargeBodies, answerSurvives,
  endsSlowHeads, waitsForHeads, endsSlowBodies, waitsForBodies, ownTimeIsFree, outlivesACrowd,
]
