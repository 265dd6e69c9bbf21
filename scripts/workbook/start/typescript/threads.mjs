import module, { syncBuiltinESMExports } from 'node:module'
import workerThreads, { isMainThread } from 'node:worker_threads'

// TypeScript in a thread: each has module hooks of its own, on every Node. So this module is handed to
// every worker, to be imported before the worker's file, and registers them there as well.

const HOOKS = new URL('./strip-types.mjs', import.meta.url).href

/**
 * From now on this thread reads TypeScript, and so do those that it starts.
 * @param {string} [preload] a module that is to run before the program, here and in its threads
 */
export async function stripTypes(preload) {
  if (preload !== undefined) await import(preload)
  if (module.registerHooks) {
    const { load, resolve } = await import(HOOKS)
    module.registerHooks({ load, resolve })
  } else {
    module.register(HOOKS)
  }
  const here = new URL(import.meta.url)
  here.search = preload === undefined ? '' : new URLSearchParams({ preload })
  const { Worker } = workerThreads
  workerThreads.Worker = class extends Worker {
    constructor(file, options = {}) {
      super(file, { ...options, execArgv: [...options.execArgv ?? process.execArgv, '--import', here.href] })
    }
  }
  Object.defineProperty(workerThreads.Worker, 'name', { value: 'Worker' })
  syncBuiltinESMExports()
}

if (!isMainThread) {
  // The thread's program finds the flags that its own program gave.
  process.execArgv.splice(process.execArgv.lastIndexOf('--import'), 2)
  process.setSourceMapsEnabled(true)
  await stripTypes(new URL(import.meta.url).searchParams.get('preload') ?? undefined)
}
