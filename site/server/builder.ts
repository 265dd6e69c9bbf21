import { build } from '../../scripts/build.ts'
import { Problem, Problems } from '../../scripts/workbook/problem.ts'
import type { News } from './preview.ts'

// The process in which `npm run dev` builds. A message asks for a build; the answer says what was
// written or what is wrong. Requests that come during a build are one more build after it.

/** The search takes longer than all the rest: it follows when the writer pauses. */
const SEARCH_AFTER = 1500

const root = process.argv[2] ?? '.'
let running = false
let wanted = false
let searchTimer: ReturnType<typeof setTimeout> | undefined

process.on('message', () => {
  wanted = true
  if (!running) void work()
})
process.on('disconnect', () => process.exit())

async function work(): Promise<void> {
  running = true
  while (wanted) {
    wanted = false
    clearTimeout(searchTimer)
    const start = performance.now()
    const news = await tryToBuild(false)
    process.send?.({ news, took: Math.round(performance.now() - start) })
    if ('written' in news) searchTimer = setTimeout(() => void buildSearch(), SEARCH_AFTER)
  }
  running = false
}

async function buildSearch(): Promise<void> {
  if (running) return
  running = true
  await tryToBuild(true)
  running = false
  if (wanted) void work()
}

async function tryToBuild(search: boolean): Promise<News> {
  try {
    return { written: (await build(root, { search })).written }
  } catch (error) {
    // Anything else is a fault of ours: it ends this process, and dev.ts says so.
    if (error instanceof Problem || error instanceof Problems) return { problem: String(error) }
    throw error
  }
}
