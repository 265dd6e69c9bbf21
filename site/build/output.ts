import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export interface Written {
  /** The paths of the files that were new or changed. */
  written: string[]
  removed: string[]
}

/**
 * Makes a folder hold these files. A file that has not changed is not written, so that a second build
 * costs little and a server or a backup sees only what is new; a file that is neither given nor kept
 * is removed.
 * @param keep whether a file that is not given may stay, by its path
 */
export function writeFiles(
  folder: string,
  files: ReadonlyMap<string, string | Uint8Array>,
  keep: (path: string) => boolean,
): Written {
  mkdirSync(folder, { recursive: true })
  const written = [...files]
    .filter(([path, content]) => writeIfChanged(join(folder, path), content))
    .map(([path]) => path)
  const removed = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1).replaceAll('\\', '/'))
    .filter(path => !files.has(path) && !keep(path))
  for (const path of removed) rmSync(join(folder, path))
  return { written, removed }
}

function writeIfChanged(file: string, content: string | Uint8Array): boolean {
  const bytes = Buffer.from(content)
  try {
    if (readFileSync(file).equals(bytes)) return false
  } catch {
    mkdirSync(dirname(file), { recursive: true })
  }
  writeFileSync(file, bytes)
  return true
}
