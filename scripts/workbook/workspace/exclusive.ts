import { lstatSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { Problem } from '../problem.ts'
import { createPlain, readRegular, remove, removeLeftLock, throughLink } from './files.ts'
import { codeOf, shown } from './refusals.ts'

/** In milliseconds. A turn takes as long as it takes to read and write one small file. */
const LEFT = 5000
const DEADLINE = 30_000
/** On Windows a name is refused a little longer when somebody looks at the file that had it. */
const LINGERS = 1000
const POLL = 10

// A process number means something only where it was given out: a container has its own, and so has WSL.
const PLACE = ` ${process.platform} ${hostname()}`

/**
 * Does something to a file of workspace/ while no other process does: they wait for their turn. One
 * that is killed in its turn holds nobody up.
 * @throws Problem when the turn does not come, and the system's errors where nothing can be written
 */
export function exclusively<T>(path: string, work: () => T): T {
  const file = throughLink(path)
  return holding(join(dirname(file), `.${basename(file)}.lock`), file, work)
}

function holding<T>(lock: string, file: string, work: () => T): T {
  const ours = take(lock, file)
  try {
    return work()
  } finally {
    // Whoever was stopped for long enough has lost its turn, and the lock is another's.
    if (identityOf(lock) === ours) remove(lock)
  }
}

function take(lock: string, file: string): string | undefined {
  const begun = performance.now()
  let seen: string | undefined
  let since = begun
  for (;;) {
    try {
      createPlain(lock, `${process.pid}${PLACE}`)
      return identityOf(lock)
    } catch (error) {
      if (performance.now() - begun > patienceWith(codeOf(error))) throw tooLate(error, file)
    }
    const found = identityOf(lock)
    if (found !== seen) {
      seen = found
      since = performance.now()
    } else if (found !== undefined && (isOfTheDead(lock) || performance.now() - since > LEFT)) {
      // Several see that it was left, and by the time they remove it a new one may have its name: so only
      // whoever has the lock of this very lock looks once more and removes it.
      holding(`${lock}-${found}`, file, () => {
        if (identityOf(lock) === found) removeLeftLock(lock)
      })
      continue
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL * (0.5 + Math.random()))
  }
}

function patienceWith(code: string): number {
  if (code === 'EEXIST') return DEADLINE
  return process.platform === 'win32' && ['EPERM', 'EACCES', 'EBUSY'].includes(code) ? LINGERS : -1
}

function tooLate(error: unknown, file: string): unknown {
  if (codeOf(error) !== 'EEXIST') return error
  return new Problem(`other commands write ${shown(file)} all the time`, {
    remedy: 'Nothing was changed. Try again when they have ended.',
  })
}

/** What no two locks have in common, though one follows the other; undefined when there is none. */
function identityOf(lock: string): string | undefined {
  const found = lstatSync(lock, { throwIfNoEntry: false })
  return found && `${found.ino}-${found.mtimeMs}`
}

function isOfTheDead(lock: string): boolean {
  const content = contentOf(lock)
  if (!content.endsWith(PLACE)) return false
  const holder = parseInt(content)
  // Whoever waits does not hold it: another had the same number before.
  if (holder === process.pid) return true
  try {
    process.kill(holder, 0)
    return false
  } catch (error) {
    return codeOf(error) === 'ESRCH'
  }
}

function contentOf(lock: string): string {
  try {
    return readRegular(lock)
  } catch {
    // It has been removed meanwhile, or nothing of ours has that name.
    return ''
  }
}
