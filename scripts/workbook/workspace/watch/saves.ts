import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { watch as watchFiles } from 'chokidar'
import { OWN_FILES } from '../files.ts'

/** Watches files: chokidar, or what a test has in its place. */
export type Watcher = (...args: Parameters<typeof watchFiles>) => Pick<ReturnType<typeof watchFiles>, 'on' | 'close'>

export interface SaveNews {
  /** Names of files, some time after the last of them was saved; none when one was removed, and no more. */
  onSaved: (files: string[]) => void
  /** The system cannot tell of saves; from now on they are looked for, which is slower. */
  onPolling: (error: unknown) => void
  /** That failed too. */
  onBlind: (error: unknown) => void
  /** The folder itself has been removed or renamed. Should it come back, that goes unnoticed. */
  onGone: () => void
  /** Whether a program runs or has just run that may write files itself. Only its source counts then. */
  isBusy: () => boolean
}

const GATHER_MS = 200
const POLL_MS = 100
const READY_MS = 2000

/**
 * Tells when files of a folder are saved, 200 ms after the last one. What is saved before `ready` may
 * go unnoticed.
 */
export function watchSaves(folder: string, news: SaveNews, watcher: Watcher = watchFiles) {
  let timer: ReturnType<typeof setTimeout> | undefined
  const firstEvents = new Map<string, string>()
  const onChange = (event: string, path: string) => {
    if (event === 'unlinkDir' && path === folder) return news.onGone()
    if (event.endsWith('Dir') || (news.isBusy() && !/\.[cm]?[jt]s$/.test(path))) return
    if (!firstEvents.has(path)) firstEvents.set(path, event)
    clearTimeout(timer)
    timer = setTimeout(() => {
      const there = [...firstEvents.keys()].filter(path => existsSync(path))
      // What has come and gone is an editor's own.
      const removed = [...firstEvents].some(([path, event]) => event !== 'add' && !there.includes(path))
      firstEvents.clear()
      if (there.length > 0 || removed) news.onSaved([...new Set(there.map(path => basename(path)))])
    }, GATHER_MS)
  }
  let onReady = () => {}
  const ready = new Promise<void>(resolve => {
    onReady = resolve
    // Better without a sign than not at all.
    setTimeout(resolve, READY_MS).unref()
  })
  const start = (polling: boolean) => {
    const started = watcher(folder, {
      ignoreInitial: true,
      ignored: path => path !== folder && isNotTheirs(basename(path)),
      ...(polling && { usePolling: true, interval: POLL_MS }),
    })
    started.on('ready', onReady)
    started.on('all', onChange)
    started.on('error', error => {
      if (started !== current) return
      if (polling) return news.onBlind(error)
      news.onPolling(error)
      current = start(true)
      void started.close()
    })
    return started
  }
  let current = start(false)
  return {
    ready,
    close(): Promise<void> {
      clearTimeout(timer)
      return current.close()
    },
  }
}

function isNotTheirs(name: string): boolean {
  return name.startsWith('.') || name === 'node_modules' || /^(kept|progress-broken)-/.test(name)
    || OWN_FILES.includes(name)
}
