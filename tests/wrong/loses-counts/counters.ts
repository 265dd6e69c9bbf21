import { readFile, writeFile } from 'node:fs/promises'

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
