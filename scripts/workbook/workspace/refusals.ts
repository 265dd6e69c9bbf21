import { relative, sep } from 'node:path'
import { Problem } from '../problem.ts'

/**
 * Writes or moves something. What the system refuses becomes one line that says what to do.
 * @param path what the operation is about, for that line
 */
export function guarded<T>(path: string, operation: () => T): T {
  return explained(operation, code => {
    const [what, remedy] = REFUSALS[code] ?? []
    return what && new Problem(`${shown(path)} ${what}`, { remedy: `Nothing was changed.${remedy ? ` ${remedy}` : ''}` })
  })
}

/** Reads a file or a folder, with one line in the same way. */
export function reading<T>(path: string, operation: () => T): T {
  return explained(operation, code => {
    const what = UNREADABLE[code] ?? REFUSALS[code]?.[0]
    return what && new Problem(`${shown(path)} ${what}`)
  })
}

function explained<T>(operation: () => T, explain: (code: string) => Problem | '' | undefined): T {
  try {
    return operation()
  } catch (error) {
    throw explain(codeOf(error)) || error
  }
}

const UNREADABLE: Record<string, string> = {
  EACCES: 'cannot be read: permission is missing',
  ENOENT: 'is not there',
  EISDIR: 'is a folder where a file should be',
}

const LOOK = 'Look at it and at its folder with ls -ld.'

const REFUSALS: Record<string, readonly [what: string, remedy?: string]> = {
  EACCES: ['cannot be reached or written: permission is missing', LOOK],
  EPERM: ['cannot be written: the system does not permit it', LOOK],
  EROFS: ['cannot be written: its file system is read-only'],
  ENOSPC: ['cannot be written: the disk is full', 'Make room, then try again.'],
  EDQUOT: ['cannot be written: your share of the disk is full', 'Make room, then try again.'],
  EEXIST: ['is there already', 'Move it away, or choose another name.'],
  EISDIR: ['is a folder where a file should be', 'Move it away, then try again.'],
  // Ours, for what the system would read all the same: see readRegular().
  NOFILE: ['is a pipe or a device where a file should be', 'Move it away, or choose another name.'],
  ENOTDIR: ['cannot be reached: a part of its path is a file and no folder', 'Move that file away, then try again.'],
  ENOENT: ['cannot be written: its folder, or what a link points to, is not there', 'Make it, then try again.'],
  ELOOP: ['is a link that leads back to itself', 'Move it away, then try again.'],
  ENAMETOOLONG: ['has a name that is too long for this system'],
}

/** A path as a reader would type it: from here, if it is below here. */
export function shown(path: string): string {
  const short = relative(process.cwd(), path)
  return (short.startsWith('..') || short === '' ? path : short).replaceAll(sep, '/')
}

/** The system's name for what went wrong, such as `ENOENT`. */
export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException | undefined)?.code ?? ''
}
