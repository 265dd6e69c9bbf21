import { randomBytes } from 'node:crypto'
import {
  accessSync, closeSync, constants, copyFileSync, fsyncSync, linkSync, lstatSync, mkdirSync, mkdtempSync, openSync,
  readFileSync, realpathSync, renameSync, rmdirSync, statSync, unlinkSync, writeFileSync,
} from 'node:fs'
import { basename, dirname, join, parse } from 'node:path'
import { codeOf } from './refusals.ts'

// Every write in workspace/ is one of these. They create and they move; what they overwrite is OWN_FILES
// alone, and what they remove is only what this very process has made. They throw the system's errors.

/** The files in workspace/ that are the workbook's. All others are the reader's. */
export const OWN_FILES: readonly string[] = ['progress.json']

const made = new Set<string>()

/** What is at a path, a link for itself; undefined when there is nothing. */
export function whatIs(path: string): 'file' | 'folder' | 'link' | 'other' | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (!found) return undefined
  if (found.isSymbolicLink()) return 'link'
  return found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other'
}

/** Reads a file, and nothing that is none: a pipe keeps whoever opens it waiting, and a device may never end. */
export function readRegular(path: string): string {
  const found = statSync(path)
  if (!found.isFile() && !found.isDirectory()) throw Object.assign(new Error(`${path} is no file`), { code: 'NOFILE' })
  return readFileSync(path, 'utf8')
}

/** Creates a file that is either whole or not there; fails when the name is taken. */
export function createFile(path: string, content: string | Uint8Array): void {
  const temporary = writeTemporary(path, content)
  try {
    place(temporary, path)
  } finally {
    remove(temporary)
  }
  syncFolder(dirname(path))
}

/**
 * Replaces one of the workbook's own files: whoever reads it meets the old content or the new.
 * @param still asked when the new content is on disk, right before it takes the place of the old
 * @returns false when the answer was no, and nothing was replaced
 */
export function replaceOwnFile(path: string, content: string, still = () => true): boolean {
  if (!OWN_FILES.includes(basename(path))) throw new Error(`${path} is not ours to replace`)
  // A reader may keep it elsewhere and have a link to it.
  const target = whatIs(path) === undefined ? path : realpathSync(path)
  const now = statSync(target, { throwIfNoEntry: false })
  // A rename passes over the write protection of the file itself.
  if (now) accessSync(target, constants.W_OK)
  const temporary = writeTemporary(target, content, now?.mode)
  try {
    if (!still()) return false
    renameSync(temporary, target)
    made.delete(temporary)
  } finally {
    if (made.has(temporary)) remove(temporary)
  }
  syncFolder(dirname(target))
  return true
}

/** Moves a file to a dated name beside it, `progress-broken-2026-11-21-0853.json`. Returns its new path. */
export function keepAside(path: string, why: string): string {
  const { dir, name, ext } = parse(path)
  const kept = firstFree(number => join(dir, `${name}-${why}-${stamp()}${number}${ext}`), createEmpty)
  try {
    // What it replaces is our own empty file: nobody else can have taken the name.
    renameSync(path, kept)
  } catch (error) {
    remove(kept)
    throw error
  }
  made.delete(kept)
  syncFolder(dir)
  return kept
}

/** Makes a folder, and those above it, unless it is there. Returns those that it made, the outermost first. */
export function createFolder(path: string): string[] {
  const outermost = mkdirSync(path, { recursive: true })
  const folders: string[] = []
  for (let folder = path; outermost !== undefined && folder.length >= outermost.length; folder = dirname(folder)) {
    folders.unshift(folder)
    made.add(folder)
  }
  return folders
}

/** Makes a new folder with a dated name, `kept-2026-11-21-0853`, and returns its path. */
export function createDatedFolder(folder: string, name: string): string {
  const path = firstFree(number => join(folder, `${name}-${stamp()}${number}`), free => mkdirSync(free))
  made.add(path)
  return path
}

/** Makes a new folder for what waits to be placed, and returns its path. */
export function createTemporaryFolder(folder: string, name: string): string {
  const path = mkdtempSync(join(folder, `.${name}-`))
  made.add(path)
  return path
}

/** Gives a file a second name; fails when there is something at it. */
export function place(path: string, second: string): void {
  try {
    linkSync(path, second)
  } catch (error) {
    // Not every file system knows two names for one file.
    if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EXDEV', 'EMLINK', 'EINVAL'].includes(codeOf(error))) throw error
    copyFileSync(path, second, constants.COPYFILE_EXCL)
  }
  made.add(second)
}

/** Moves what is at a path, whatever it is, to a name in a folder that this process has just made. */
export function moveInto(folder: string, name: string, path: string): void {
  if (!made.has(folder)) throw new Error(`${folder} is not ours to move things into`)
  renameSync(path, join(folder, name))
}

/** Removes a file that moveInto() has moved, and the folders made for it where nothing else is in them. */
export function discard(folder: string, name: string): void {
  if (!made.has(folder)) throw new Error(`${folder} is not ours to remove things from`)
  unlinkSync(join(folder, name))
  for (let inner = dirname(name); inner !== '.'; inner = dirname(inner)) if (made.has(join(folder, inner))) remove(join(folder, inner))
}

/** Moves something back to where it was; fails when there is something by now. */
export function moveBack(path: string, name: string, folder: string): void {
  const kept = join(folder, name)
  // A link has to be moved as a link, for a second name would be one of what it points to on some systems.
  if (whatIs(kept) === 'link' && whatIs(path) === undefined) return renameSync(kept, path)
  place(kept, path)
  unlinkSync(kept)
  made.delete(path)
}

/** Removes a file or an empty folder that this process has made; a folder with something in it stays. */
export function remove(path: string): void {
  if (!made.delete(path)) throw new Error(`${path} is not ours to remove`)
  try {
    if (whatIs(path) === 'folder') rmdirSync(path)
    else unlinkSync(path)
  } catch (error) {
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(codeOf(error))) throw error
  }
}

/** What was there on disk before a power cut is there after it. */
export function syncFolder(path: string): void {
  // Windows opens no folders.
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

/** Creates a file under its own name at once, with its content on disk; fails when the name is taken. */
export function createPlain(path: string, content: string | Uint8Array, mode = 0o666): void {
  const file = openSync(path, 'wx', mode)
  made.add(path)
  try {
    try {
      writeFileSync(file, content)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
  } catch (error) {
    remove(path)
    throw error
  }
}

function writeTemporary(path: string, content: string | Uint8Array, mode?: number): string {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`)
  createPlain(temporary, content, mode)
  return temporary
}

function createEmpty(path: string): void {
  closeSync(openSync(path, 'wx'))
  made.add(path)
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

/** The reader's clock as part of a file name: `2026-11-21-0853`. */
function stamp(now = new Date()): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate()), two(now.getHours()) + two(now.getMinutes())].join('-')
}
