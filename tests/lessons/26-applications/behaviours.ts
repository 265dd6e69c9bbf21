import type { Behaviour } from '#workbook/check/behaviour.ts'
import {
  bodilessAnswers, continuesForApps, framesBodies, handsBack, headersKeepBytes, limitsBodies, oldClients,
} from './answers.ts'
import { breaksOff, clientVanishes, refusesWrongResponses, survivesThrows } from './faults.ts'
import {
  headersBare, refusesPaths, requestHolds, saysHello, servesTheSite, sessionLasts,
} from './requests.ts'
import { leavesBodies, waitsForApps } from './turns.ts'

/** What begins to hold in lesson 26, in the order in which it is told. */
export const behaviours: readonly Behaviour[] = [
  saysHello, framesBodies, requestHolds, headersBare, refusesPaths, sessionLasts, waitsForApps, leavesBodies,
  limitsBodies, handsBack, continuesForApps, bodilessAnswers, oldClients, headersKeepBytes,
  refusesWrongResponses, survivesThrows, breaksOff, clientVanishes, servesTheSite,
]
