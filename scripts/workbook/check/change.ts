import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Behaviour } from './behaviour.ts'

/** One place of the book's program, written in another way; or a file that it does not have. */
export interface Change {
  file: string
  /** What stands there, exactly once; none for a file that is new. */
  from?: string
  to: string
  /** Where the change is written. */
  readonly at: Error
}

/** The book's program plus changes; or a whole other one, as the absolute path of its folder. */
export type Variant = readonly Change[] | string

/** A program that must be refused. */
export interface Wrong {
  /** What it does, where a mistake is made in several ways, and where it has no name of its own. */
  name?: string
  /** The lesson whose program it is, and with which it is checked; that of the room unless given. */
  lesson?: number
  /** What does not hold for it. */
  breaks: Behaviour
  /** It is a race: now and then something that is told before that fails as well. */
  races?: true
  /** How the sentence begins with which it is refused, where there are several. */
  says?: string
  program: Variant
  /** Why it cannot be seen on this machine; undefined where it can. */
  unless?: () => string | undefined
}

/** `from` stands in the book's file exactly once, or whoever writes the program is told this very line. */
export function change(file: string, from: string, to: string): Change {
  return { file, from, to, at: new Error('as it is written here') }
}

/** A file that the book's program does not have, or all of one that it has. */
export function added(file: string, text: string): Change {
  return { file, to: text, at: new Error('as it is written here') }
}

/**
 * Writes a program into a folder.
 * @param base the folder with the book's program
 * @throws Error with the line of the change whose text does not stand in its file once
 */
export function writeVariant(base: string, program: Variant, folder: string): void {
  cpSync(typeof program === 'string' ? program : base, folder, { recursive: true })
  if (typeof program === 'string') return
  for (const { file, from, to, at } of program) {
    const path = join(folder, file)
    if (from === undefined) {
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, to)
    } else {
      writeFileSync(path, replacedOnce(readFileSync(path, 'utf8'), file, from, to, at))
    }
  }
}

/** @throws Error unless `from` stands in the text exactly once */
export function replacedOnce(text: string, file: string, from: string, to: string, at = new Error('here')): string {
  const parts = text.split(from)
  if (parts.length === 2) return parts.join(to)
  throw new Error(`${file} has "${from}" ${parts.length - 1} times, and should have it once`, { cause: at })
}
