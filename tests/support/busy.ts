import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'

/** Runs something beside processes that want all of the processors: so many for each core. They end with it. */
export async function besideBusy<T>(each: number, run: () => Promise<T>): Promise<T> {
  const others = Array.from({ length: each * availableParallelism() }, () =>
    spawn('sh', ['-c', BUSY, 'busy', String(process.pid)], { stdio: 'ignore' }))
  try {
    return await run()
  } finally {
    for (const other of others) other.kill('SIGKILL')
    await Promise.all(others.map(async other => other.exitCode ?? other.signalCode ?? await once(other, 'exit')))
  }
}

// It looks now and then whether we are still there.
const BUSY = 'while kill -0 "$1"; do i=0; while [ $i -lt 200000 ]; do i=$((i + 1)); done; done'
