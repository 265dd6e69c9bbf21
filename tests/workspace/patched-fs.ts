import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { onTestFinished } from 'vitest'

type Name = 'openSync' | 'writeFileSync' | 'fsyncSync' | 'renameSync' | 'linkSync' | 'unlinkSync' | 'mkdirSync' | 'mkdtempSync'
  | 'rmdirSync' | 'copyFileSync' | 'symlinkSync'

type Anything = (...args: unknown[]) => unknown

/** Every function of node:fs that the workspace changes something with. */
export const CHANGES: readonly Name[] = [
  'openSync', 'writeFileSync', 'fsyncSync', 'renameSync', 'linkSync', 'unlinkSync', 'mkdirSync', 'mkdtempSync', 'rmdirSync',
  'copyFileSync', 'symlinkSync',
]

let originals: Partial<Record<Name, unknown>> = {}

/** Puts a function in the place of one of node:fs until the test ends, or restoreFs(). */
export function patchFs(name: Name, make: (original: Anything) => Anything): void {
  originals[name] ??= fs[name]
  Object.assign(fs, { [name]: make(fs[name] as Anything) })
  syncBuiltinESMExports()
  onTestFinished(restoreFs)
}

/** Puts back what patchFs() has replaced. */
export function restoreFs(): void {
  Object.assign(fs, originals)
  originals = {}
  syncBuiltinESMExports()
}

/** Makes functions fail at their nth call, and at those after it if `times` is more than one. */
export function failFs(names: readonly Name[], nth: number, { code = 'ENOSPC', times = 1 } = {}): { reached: boolean } {
  const state = { reached: false }
  let calls = 0
  for (const name of names) {
    patchFs(name, original => (...args) => {
      if (name === 'openSync' && isForReading(args)) return original(...args)
      calls++
      if (calls < nth || calls >= nth + times) return original(...args)
      state.reached = true
      throw Object.assign(new Error(`${code}: injected`), { code })
    })
  }
  return state
}

// A folder is opened for reading to bring it to the disk; that counts.
function isForReading([path, flags]: unknown[]): boolean {
  if (flags === 'wx') return false
  return !(fs.statSync(String(path), { throwIfNoEntry: false })?.isDirectory() ?? false)
}
