import { fork, type ChildProcess } from 'node:child_process'
import { statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { watch } from 'chokidar'
import { createPreview, type News } from '../site/server/preview.ts'
import { readPort } from '../site/server/port-option.ts'
import { createProgressKeeper } from '../site/server/progress.ts'
import { createSiteServer, listen } from '../site/server/server.ts'
import { siteFolder } from './build.ts'
import { PROJECT_ROOT } from './workbook/project.ts'

const BUILDER = fileURLToPath(new URL('../site/server/builder.ts', import.meta.url))
const WATCHED = ['lessons', 'code', 'site', 'scripts/workbook', 'tests/lessons']
/** An editor that saves several files at once causes one build. */
const GATHER = 10

/** Modules that the builder has loaded: a new one sees them changed. Styles and the page's script are read anew. */
const LOADED_RE = /^(site\/(?!client\/)|scripts\/workbook\/).*\.m?ts$/

/**
 * `npm run dev [-- --port N]` serves the site while it is being written: each save is built and shown.
 * @throws Problem for an argument and when the port is taken; what is wrong in a lesson is shown, and mended
 */
export async function main(argv: string[], { root = PROJECT_ROOT } = {}): Promise<void> {
  const port = readPort(argv, 'npm run dev')
  const preview = createPreview(siteFolder(root))
  const server = createSiteServer(siteFolder(root), preview.handlers, createProgressKeeper(root))
  const address = await listen(server, port, 'npm run dev')
  console.log(`Port 12345 is open at ${address} (Ctrl-C stops it)`)

  const builder = createBuilder(root, (news, took) => {
    console.log('problem' in news ? news.problem : `${time()} built in ${took} ms: ${describe(news.written)}`)
    preview.tell(news)
    // An editor empties a file before it fills it. The build may have read it in between, and no event follows.
    const late = [...saved].some(([path, stamp]) => stamp !== undefined && stamp !== stampOf(join(root, path)))
    if (late) buildSaved()
    else saved.clear()
  })
  const saved = new Map<string, string | undefined>()
  const buildSaved = () => {
    for (const path of saved.keys()) saved.set(path, stampOf(join(root, path)))
    builder.build()
  }
  let timer: ReturnType<typeof setTimeout> | undefined
  let renew = false
  watch(WATCHED, { cwd: root, ignoreInitial: true, ignored: path => relative(root, path).startsWith('site/dist') })
    .on('all', (event, path) => {
      if (event.endsWith('Dir')) return
      saved.set(path, undefined)
      renew ||= LOADED_RE.test(path.replaceAll('\\', '/'))
      clearTimeout(timer)
      timer = setTimeout(() => {
        if (renew) builder.renew()
        renew = false
        buildSaved()
      }, GATHER)
    })
  builder.build()
}

interface Builder {
  build: () => void
  /** From the next build on, the modules are those that are there now. */
  renew: () => void
}

/** The builder is a process of its own: it can be replaced when its modules change, and may fail. */
function createBuilder(root: string, onBuilt: (news: News, took: number) => void): Builder {
  let child: ChildProcess | undefined
  const start = () => {
    const started = fork(BUILDER, [root], { execArgv: ['--import', import.meta.resolve('tsx')] })
    started.on('message', ({ news, took }: { news: News, took: number }) => onBuilt(news, took))
    started.on('exit', code => {
      if (started !== child) return
      child = undefined
      onBuilt({ problem: `The build ended with exit code ${code}: see the terminal. Save again to try again.` }, 0)
    })
    return started
  }
  const build = () => void (child ??= start()).send('build')
  return {
    build,
    renew() {
      const old = child
      child = undefined
      old?.kill()
    },
  }
}

function describe(written: readonly string[]): string {
  if (written.length === 0) return 'nothing changed'
  return written.length <= 3 ? written.join(', ') : `${written.slice(0, 2).join(', ')} and ${written.length - 2} more`
}

/** What differs when a file was written again. */
function stampOf(path: string): string {
  const { mtimeNs, size } = statSync(path, { bigint: true, throwIfNoEntry: false }) ?? {}
  return `${mtimeNs} ${size}`
}

function time(): string {
  return new Date().toTimeString().slice(0, 8)
}
