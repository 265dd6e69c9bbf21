import { syncBuiltinESMExports } from 'node:module'
import workerThreads, { isMainThread } from 'node:worker_threads'

// Imported for what it does: from then on, `new Worker(new URL('./file.ts', import.meta.url))` starts
// TypeScript where Node cannot read it by itself, which it does from 22.18 on.
//
// Each thread has module hooks of its own, and tsx registers its own in the main thread only
// (https://github.com/privatenumber/tsx/issues/354). So this module is handed to every worker as well,
// to be imported before the worker's file, and registers them there.
if (!process.features.typescript) {
  if (isMainThread) {
    const { Worker } = workerThreads
    workerThreads.Worker = class extends Worker {
      constructor(file, options = {}) {
        super(file, { ...options, execArgv: [...options.execArgv ?? process.execArgv, '--import', import.meta.url] })
      }
    }
    Object.defineProperty(workerThreads.Worker, 'name', { value: 'Worker' })
    syncBuiltinESMExports()
  } else {
    const { register } = await import('tsx/esm/api')
    register()
  }
}
