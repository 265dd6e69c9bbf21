import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'

/** A tiny book in which every kind of thing stands once. */
export const FIXTURE_BOOK = fileURLToPath(new URL('../fixtures/site-book', import.meta.url))

/** What one test made the next need not make again: the cache is right, or its own tests fail. */
export const CACHE = fileURLToPath(new URL('../../.cache/tests', import.meta.url))

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** An empty folder that goes when the tests of the file have ended. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'port-12345-site-'))
  folders.push(folder)
  return folder
}

/** A copy of the book that a test may change. */
export function copyOfBook(): string {
  const folder = temporaryFolder()
  cpSync(FIXTURE_BOOK, folder, { recursive: true })
  return folder
}
