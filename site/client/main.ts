import { startCopying } from './copy.ts'
import { startExperiments } from './experiment.ts'
import { startFolding } from './folding.ts'
import { startProgress } from './progress.ts'
import { startScrollers } from './scrollers.ts'
import { startSearch } from './search.ts'
import { startSpy } from './spy.ts'
import { startTheme } from './theme.ts'
import { startTransfer } from './transfer.ts'

// Each adds to a page that is complete without it; if one fails, the others still run.
const starts = [
  startTheme, startProgress, startTransfer, startFolding, startExperiments,
  startCopying, startScrollers, startSpy, startSearch,
]
for (const start of starts) {
  try {
    start()
  } catch (error) {
    console.error(error)
  }
}
