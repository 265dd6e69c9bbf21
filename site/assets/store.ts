import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
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
    // Written beside and renamed: a build that runs at the same time never reads half a file.
    writeFileSync(`${file}.${process.pid}`, content)
    renameSync(`${file}.${process.pid}`, file)
    return content
  }
}
