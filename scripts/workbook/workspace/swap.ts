import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Problem } from '../problem.ts'
import {
  createDatedFolder, createFolder, createPlain, createTemporaryFolder, discard, moveBack, moveInto, place, remove,
  syncFolder, whatIs,
} from './files.ts'
import { guarded, shown } from './refusals.ts'

/** A file to be put into a folder; its name may have folders in it, with `/`. */
export interface NewFile {
  name: string
  content: Uint8Array
}

/** What swapIn() did. */
export interface Swapped {
  placed: string[]
  /** The names that had this very content already. */
  same: string[]
  /** The names whose files were moved away, and the folder in which they are under the same names. */
  moved: string[]
  kept?: string
}

/**
 * Puts files into a folder. What has one of their names is moved to a new dated folder in it, as it
 * is; all else stays where it is. At every moment each of the reader's files is in one of the two
 * places, and what is put there is on the disk before the first of them moves.
 * @param isBooks whether a file that was moved is the book's own, as it is in code/ too: that is not kept
 * @throws Problem with everything as it was before, when one of the files cannot be put there
 */
export function swapIn(
  folder: string, files: readonly NewFile[], isBooks: (file: NewFile) => boolean = () => false,
): Swapped {
  for (const { name } of files) refuseFolders(folder, name)
  return uninterrupted(() => {
    const same = files.filter(({ name, content }) => holds(join(folder, name), content)).map(file => file.name)
    const placed = files.filter(file => !same.includes(file.name))
    const swap = new Swap(folder)
    try {
      guarded(folder, () => placed.forEach((file, index) => swap.stage(file, String(index))))
      placed.forEach(({ name }, index) => guarded(join(folder, name), () => swap.exchange(name, String(index))))
    } catch (error) {
      swap.rollBack(error)
      throw error
    } finally {
      swap.clear()
    }
    swap.forget(isBooks)
    return { placed: placed.map(file => file.name), same, moved: swap.moved, ...(swap.kept && { kept: swap.kept }) }
  })
}

class Swap {
  readonly folder: string
  readonly moved: string[] = []
  kept: string | undefined
  private stageFolder: string | undefined
  private readonly staged: string[] = []
  private readonly undo: (() => void)[] = []

  constructor(folder: string) {
    this.folder = folder
  }

  stage({ content }: NewFile, id: string): void {
    this.stageFolder ??= createTemporaryFolder(this.folder, 'catch-up')
    const path = join(this.stageFolder, id)
    createPlain(path, content)
    this.staged.push(path)
  }

  exchange(name: string, id: string): void {
    const path = join(this.folder, name)
    const staged = join(this.stageFolder ?? '', id)
    if (whatIs(path) !== undefined) this.moveAway(name, path)
    this.makeFolder(dirname(path))
    place(staged, path)
    this.undo.push(() => {
      // Whoever has saved it meanwhile keeps what they saved.
      if (holds(path, readFileSync(staged))) remove(path)
    })
    syncFolder(dirname(path))
  }

  private moveAway(name: string, path: string): void {
    const kept = this.kept ??= createDatedFolder(this.folder, 'kept')
    this.makeFolder(dirname(join(kept, name)))
    moveInto(kept, name, path)
    this.undo.push(() => {
      moveBack(path, name, kept)
      this.moved.splice(this.moved.indexOf(name), 1)
    })
    this.moved.push(name)
    syncFolder(dirname(join(kept, name)))
  }

  private makeFolder(path: string): void {
    for (const folder of createFolder(path)) this.undo.push(() => remove(folder))
  }

  /** @throws Problem when a file could not be moved back, saying where it is */
  rollBack(reason: unknown): void {
    for (const undo of this.undo.reverse()) {
      try {
        undo()
      } catch {
        // Its old place is taken by now: it stays where it is kept.
      }
    }
    if (this.kept === undefined) return
    remove(this.kept)
    if (this.moved.length === 0) return
    const what = reason instanceof Problem ? reason.message : String(reason)
    throw new Problem(`it could not be finished: ${what}`, {
      remedy: `Nothing is lost: ${this.moved.join(', ')} of before ${this.moved.length > 1 ? 'are' : 'is'} in ${shown(this.kept)}/.`,
    })
  }

  /** Keeps no file that the book has. */
  forget(isBooks: (file: NewFile) => boolean): void {
    if (this.kept === undefined) return
    for (const name of [...this.moved]) {
      const path = join(this.kept, name)
      if (whatIs(path) !== 'file' || !isBooks({ name, content: readFileSync(path) })) continue
      discard(this.kept, name)
      this.moved.splice(this.moved.indexOf(name), 1)
    }
    if (this.moved.length > 0) return
    remove(this.kept)
    this.kept = undefined
  }

  /** Removes what was only there to be placed. */
  clear(): void {
    this.staged.forEach(remove)
    if (this.stageFolder) remove(this.stageFolder)
  }
}

function refuseFolders(folder: string, name: string): void {
  const parts = name.split('/')
  parts.forEach((_, index) => {
    const path = join(folder, ...parts.slice(0, index + 1))
    const found = guarded(path, () => whatIs(path))
    if (index < parts.length - 1 && found !== undefined && found !== 'folder') {
      throw new Problem(`${shown(path)} is in the way: a folder has to be there`, { remedy: 'Nothing was changed. Move it away, then try again.' })
    }
    if (index === parts.length - 1 && (found === 'folder' || found === 'other')) {
      throw new Problem(`${shown(path)} is in the way: it is ${found === 'folder' ? 'a folder' : 'no file'}`, {
        remedy: 'Nothing was changed. Move it away, then try again.',
      })
    }
  })
}

function holds(path: string, content: Uint8Array): boolean {
  try {
    return readFileSync(path).equals(content)
  } catch {
    return false
  }
}

/** Ctrl-C waits for the end: between two moves is no good place to stop. */
function uninterrupted<T>(work: () => T): T {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const wait = () => {}
  for (const signal of signals) process.on(signal, wait)
  try {
    return work()
  } finally {
    for (const signal of signals) process.off(signal, wait)
  }
}
