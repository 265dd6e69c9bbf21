import type { Behaviour } from './behaviour.ts'
import { addresses } from './stories/addresses.ts'
import { bothSides } from './stories/both-sides.ts'
import { callers } from './stories/callers.ts'
import { client } from './stories/client.ts'
import { commandLine } from './stories/command-line.ts'
import { counting } from './stories/counting.ts'
import { echo } from './stories/echo.ts'
import { inspecting } from './stories/inspecting.ts'
import { limits } from './stories/limits.ts'
import { lockedKey } from './stories/locked-key.ts'
import { many } from './stories/many.ts'
import { renewing } from './stories/renewing.ts'
import { stamps } from './stories/stamps.ts'
import { starting } from './stories/starting.ts'
import { stopping } from './stories/stopping.ts'
import { tls } from './stories/tls.ts'
import { tlsTools } from './stories/tls-tools.ts'
import { trust } from './stories/trust.ts'
import { vanishing } from './stories/vanishing.ts'

/** Every behaviour of the book, in the order of the lessons in which they begin to hold. */
export const BEHAVIOURS: readonly Behaviour[] = [
  ...starting, ...callers, ...echo, ...client, ...many, ...vanishing, ...counting, ...stamps,
  ...commandLine, ...addresses, ...limits, ...stopping, ...inspecting, ...tls, ...tlsTools, ...trust,
  ...bothSides, ...lockedKey, ...renewing,
]
