import type { Behaviour } from '../../scripts/workbook/check/behaviour.ts'
import { addresses } from './13-addresses/behaviours.ts'
import { bothSides } from './19-both-sides-show-papers/behaviours.ts'
import { callers } from './05-a-client-handler/callers.ts'
import { client } from './07-a-client-of-our-own/behaviours.ts'
import { commandLine } from './12-the-command-line/behaviours.ts'
import { counting } from './10-a-shared-counter/behaviours.ts'
import { echo } from './06-echo/behaviours.ts'
import { inspecting } from './16-a-key-and-a-certificate/behaviours.ts'
import { limits } from './14-limits/behaviours.ts'
import { lockedKey } from './20-a-locked-key/behaviours.ts'
import { many } from './08-two-at-once/behaviours.ts'
import { renewing } from './20-a-locked-key/renewing.ts'
import { stamps } from './11-threads/behaviours.ts'
import { starting } from './02-a-listening-socket/starting.ts'
import { stopping } from './15-a-clean-stop/behaviours.ts'
import { tls } from './17-echo-over-tls/behaviours.ts'
import { tlsTools } from './17-echo-over-tls/tools.ts'
import { trust } from './18-whom-do-you-trust/behaviours.ts'
import { vanishing } from './09-when-a-client-vanishes/behaviours.ts'

/** Every behaviour of the book, in the order of the lessons in which they begin to hold. */
export const BEHAVIOURS: readonly Behaviour[] = [
  ...starting, ...callers, ...echo, ...client, ...many, ...vanishing, ...counting, ...stamps,
  ...commandLine, ...addresses, ...limits, ...stopping, ...inspecting, ...tls, ...tlsTools, ...trust,
  ...bothSides, ...lockedKey, ...renewing,
]
