import {
  cpSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { onTestFinished } from 'vitest'
import { BOOK } from '../support/command.ts'

/** A small book of four lessons, `start`, `echo`, `polite` and `unwritten`, and a reader's files in it. */
export function readerOf(files: Record<string, string> = {}, folder = 'a book'): string {
  const base = mkdtempSync(join(tmpdir(), 'port-12345-reader-'))
  onTestFinished(() => rmSync(base, { recursive: true, force: true }))
  const root = join(base, folder)
  cpSync(BOOK, root, { recursive: true })
  // No lesson has Node's module type to itself: a reader's file is a module as the book's are.
  write(root, { 'package.json': '{"type":"module"}', ...files })
  return root
}

/** Writes files, with the folders above them. */
export function write(root: string, files: Record<string, string>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), content)
  }
}

/** Everything in a folder: what a file holds, where a link points, and that a folder is there. */
export function contentsOf(root: string, under = ''): Map<string, string> {
  const found = new Map<string, string>()
  for (const name of readdirSync(join(root, under))) {
    const path = join(under, name)
    const entry = lstatSync(join(root, path))
    if (entry.isSymbolicLink()) found.set(path, `link ${readlinkSync(join(root, path))}`)
    else if (entry.isFile()) found.set(path, `file ${contentOf(join(root, path))}`)
    else found.set(path, 'folder')
    if (entry.isDirectory()) for (const [inner, content] of contentsOf(root, path)) found.set(inner, content)
  }
  return found
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code)
  }
}

/**
 * What of a reader's files is neither where it was nor in a dated folder or under a dated name.
 * @param before as contentsOf() of the project's root gave it
 */
export function lost(before: ReadonlyMap<string, string>, root: string, workspace = 'workspace'): string[] {
  const now = contentsOf(root)
  const kept = [...now.keys()].filter(path => /^kept-[\d-]+$/.test(relative(workspace, path)))
  return [...before].filter(([path, content]) => {
    if (now.get(path) === content) return false
    if (relative(workspace, path) === 'progress.json') return !keepsProgress(content, now, workspace)
    return !kept.some(folder => now.get(join(folder, relative(workspace, path))) === content)
  }).map(([path]) => path)
}

function keepsProgress(content: string, now: ReadonlyMap<string, string>, workspace: string): boolean {
  const isAside = (path: string) => /^progress-broken-[\d-]+\.json$/.test(relative(workspace, path))
  if ([...now].some(([path, other]) => isAside(path) && other === content)) return true
  try {
    const before = JSON.parse(content.slice('file '.length))
    const after = JSON.parse(now.get(join(workspace, 'progress.json'))?.slice('file '.length) ?? '')
    return before.remark === after.remark && Object.keys(before.done).every(id => after.done[id] === before.done[id])
  } catch {
    return false
  }
}
