import { coldBuild } from './cold-build.ts'
import { commands } from './commands.ts'
import { echoServers } from './echo-servers.ts'
import { framing } from './framing.ts'
import { httpServers } from './http-servers.ts'
import { lessonStart } from './lesson-start.ts'
import { pageSize } from './page-size.ts'
import { save } from './save.ts'
import { slowReaders } from './slow-readers.ts'
import type { Part } from './support/part.ts'
import { tls } from './tls.ts'
import { verdicts } from './verdicts.ts'
import { warmBuild } from './warm-build.ts'

/** Everything that is measured, in the order of the table. A new part is a file beside these and a line here. */
export const PARTS: readonly Part[] = [
  coldBuild, warmBuild, save, lessonStart, pageSize, commands, echoServers, framing, httpServers, slowReaders, tls,
  verdicts,
]
