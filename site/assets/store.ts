import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * What was made once from the same ingredients is taken from the cache folder.
 * @param name a file name that holds a hash of everything the content depends on
 */
export async function cached(
  folder: string | undefined,
  name: string,
  make: () => Promise<Uint8Array>,
): Promise<Uint8Array> {
  if (folder === undefined) return make()
  const file = join(folder, name)
  try {
    return readFileSync(file)
  } catch {
    const content = await make()
    mkdirSync(folder, { recursive: true })
    removeOld(folder)
    // Written beside and renamed: a build that runs at the same time never reads half a file.
    writeFileSync(`${file}.${process.pid}`, content)
    renameSync(`${file}.${process.pid}`, file)
    return content
  }
}

const MONTH = 30 * 24 * 60 * 60 * 1000

/** The cache may not grow for ever: whatever is a month old goes, and is made again if it is still needed. */
function removeOld(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = join(folder, entry.name)
    if (entry.isFile() && Date.now() - statSync(file).mtimeMs > MONTH) rmSync(file, { force: true })
  }
}
