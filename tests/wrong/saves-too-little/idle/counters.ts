import { readFile, rename, writeFile } from 'node:fs/promises'

const FILE = 'messages.txt'

async function load(): Promise<number> {
  try {
    return Number(await readFile(FILE, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return 0
  }
}

export async function racy(lines: number): Promise<number> {
  const count = await load() + lines
  await writeFile(FILE, `${count}\n`)
  return count
}

let last: Promise<unknown> = Promise.resolve()

export function locked(lines: number): Promise<number> {
  const mine = last.then(() => racy(lines))
  last = mine.catch(() => {})
  return mine
}

let count = await load()
let saved = count
let saving = false

export function owned(lines: number): number {
  count += lines
  if (!saving) save()
  return count
}

async function save(): Promise<void> {
  saving = true
  try {
    while (saved < count) {
      const newest = count
      await writeFile(`${FILE}.new`, `${newest}\n`)
      await rename(`${FILE}.new`, FILE)
      saved = newest
    }
  } catch (error) {
    console.error(`The count is not saved: ${(error as Error).message}`)
  }
}
