import { randomBytes } from 'node:crypto'
import {
  accessSync, closeSync, constants, copyFileSync, fsyncSync, linkSync, lstatSync, mkdirSync, openSync, realpathSync,
  renameSync, statSync, unlinkSync, writeFileSync,
} from 'node:fs'
import { basename, dirname, join, parse, relative, sep } from 'node:path'
import { Problem } from '../problem.ts'

// Every write in workspace/ is made here. Files are created and moved, never overwritten and never
// deleted, except for those that the workbook itself has made: temporary ones, and OWN_FILES.

/** The files in workspace/ that are the workbook's. All others are the reader's. */
export const OWN_FILES: readonly string[] = ['progress.json']

/**
 * Creates a file that is either whole or not there.
 * @throws Problem, with nothing changed, when the name is taken or cannot be written
 */
export function createFile(path: string, content: string | Uint8Array): void {
  guarded(path, () => {
    const temporary = writeTemporary(path, content)
    try {
      place(temporary, path)
    } finally {
      unlinkSync(temporary)
    }
    syncFolder(dirname(path))
  })
}

/**
 * Replaces one of the workbook's own files: whoever reads it meets the old content or the new.
 * @throws Problem, with nothing changed, when it cannot be written
 */
export function replaceOwnFile(path: string, content: string): void {
  if (!OWN_FILES.includes(basename(path))) throw new Error(`${path} is not ours to replace`)
  guarded(path, () => {
    // Through a link, so that a reader may keep the file elsewhere.
    const target = realFile(path)
    const temporary = writeTemporary(target, content)
    try {
      renameSync(temporary, target)
    } catch (error) {
      unlinkSync(temporary)
      throw error
    }
    syncFolder(dirname(target))
  })
}

/** Moves a file to a dated name beside it, `progress-broken-2026-11-21-0853.json`, and returns that name. */
export function keepAside(path: string, why: string): string {
  return guarded(path, () => {
    const { dir, name, ext } = parse(path)
    const kept = firstFree(number => join(dir, `${name}-${why}-${stamp()}${number}${ext}`), name =>
      closeSync(openSync(name, 'wx')))
    try {
      // What it replaces is the empty file of the line above: nobody else can have taken the name.
      renameSync(path, kept)
    } catch (error) {
      unlinkSync(kept)
      throw error
    }
    syncFolder(dir)
    return kept
  })
}

/** Makes a new folder with a dated name, `kept-2026-11-21-0853`, and returns its path. */
export function createDatedFolder(folder: string, name: string): string {
  return guarded(folder, () =>
    firstFree(number => join(folder, `${name}-${stamp()}${number}`), path => mkdirSync(path)))
}

/** Makes a folder with those above it, unless it is there. */
export function createFolder(path: string): void {
  guarded(path, () => mkdirSync(path, { recursive: true }))
}

/** What is at a path, a link for itself; undefined when there is nothing. */
export function whatIs(path: string): 'file' | 'folder' | 'link' | 'other' | undefined {
  const found = guarded(path, () => lstatSync(path, { throwIfNoEntry: false }))
  if (!found) return undefined
  if (found.isSymbolicLink()) return 'link'
  return found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other'
}

/** Gives a file that is ours a second name, where nothing may be yet. */
export function place(ours: string, path: string): void {
  try {
    linkSync(ours, path)
  } catch (error) {
    // Not every file system knows two names for one file.
    if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EXDEV', 'EMLINK', 'EINVAL'].includes(codeOf(error))) throw error
    copyFileSync(ours, path, constants.COPYFILE_EXCL)
  }
}

/** Runs a file operation; what the system refuses becomes one line that says what to do. */
export function guarded<T>(path: string, operation: () => T): T {
  try {
    return operation()
  } catch (error) {
    const why = REASONS[codeOf(error)]
    if (why === undefined) throw error
    throw new Problem(`${shown(path)} ${why[0]}`, { remedy: why[1] })
  }
}

/** A path as a reader would type it: from here, if it is below here. */
export function shown(path: string): string {
  const short = relative(process.cwd(), path)
  return (short.startsWith('..') || short === '' ? path : short).replaceAll(sep, '/')
}

const REASONS: Record<string, readonly [string, string]> = {
  EACCES: ['cannot be reached or written: you have no permission', 'Nothing was changed. Look with ls -ld at it and at its folder.'],
  EPERM: ['cannot be written: the system does not permit it', 'Nothing was changed. Look with ls -ld at it and at its folder.'],
  EROFS: ['cannot be written: its file system is read-only', 'Nothing was changed.'],
  ENOSPC: ['cannot be written: the disk is full', 'Nothing was changed. Make room, then try again.'],
  EDQUOT: ['cannot be written: your share of the disk is full', 'Nothing was changed. Make room, then try again.'],
  EEXIST: ['is there already', 'Nothing was changed. Move it away or choose another name.'],
  EISDIR: ['is a folder where a file should be', 'Nothing was changed. Move it away, then try again.'],
  ENOTDIR: ['cannot be reached: a part of its path is a file, not a folder', 'Nothing was changed. Move that file away, then try again.'],
  ENOENT: ['cannot be written: its folder is not there', 'Nothing was changed. Make the folder, then try again.'],
  ENAMETOOLONG: ['has too long a name', 'Nothing was changed.'],
  ELOOP: ['is a link that leads back to itself', 'Nothing was changed. Move it away, then try again.'],
}

function writeTemporary(path: string, content: string | Uint8Array): string {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`)
  const file = openSync(temporary, 'wx', statSync(path, { throwIfNoEntry: false })?.mode ?? 0o666)
  try {
    writeFileSync(file, content)
    fsyncSync(file)
  } catch (error) {
    unlinkSync(temporary)
    throw error
  } finally {
    closeSync(file)
  }
  return temporary
}

function realFile(path: string): string {
  if (whatIs(path) === undefined) return path
  const target = realpathSync(path)
  // A rename would pass over the write protection of the file itself.
  accessSync(target, constants.W_OK)
  return target
}

/** A name that was there on disk before a power cut is there after it. */
function syncFolder(path: string): void {
  // Windows opens no folders.
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

function firstFree(nameFor: (number: string) => string, take: (name: string) => void): string {
  for (let count = 1; ; count++) {
    const name = nameFor(count === 1 ? '' : `-${count}`)
    try {
      take(name)
      return name
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
    }
  }
}

/** The reader's clock, as part of a file name: `2026-11-21-0853`. */
function stamp(now = new Date()): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate()), two(now.getHours()) + two(now.getMinutes())].join('-')
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException | undefined)?.code ?? ''
}
