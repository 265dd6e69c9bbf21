import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { partFile } from '../../workbook/book/part-pages.ts'
import { PARTS } from '../../workbook/book/parts.ts'
import { readWorkbook } from '../../workbook/book/read.ts'
import { codeIn, fileIn, folderIn, textIn, type Copy } from './copy.ts'

/** Lessons to build from: one book, or several that together have more lessons than one may. */
export interface Shelf {
  roots: string[]
  lessons: number
  copies: number
}

/** The last number that a lesson may have. */
const MOST = PARTS.at(-1)?.last ?? 0

/** The book itself, as the smallest shelf. */
export function bookItself(root: string): Shelf {
  return { roots: [root], lessons: readWorkbook(root).lessons.length, copies: 1 }
}

/**
 * Copies the lessons of the book at `root` until there are about `wanted`, as whole copies of the
 * book. Each book on the shelf is valid by itself: numbers, parts, names, links and terms are those
 * of a real one. Code differs from copy to copy, so that no block is highlighted once for all of them.
 */
export function makeCopies(root: string, wanted: number, folder: string): Shelf {
  const { lessons } = readWorkbook(root)
  const copies = Math.max(1, Math.round(wanted / lessons.length))
  const inOneBook = Math.max(1, Math.floor(MOST / lessons.length))
  const roots: string[] = []
  for (let index = 0; index < copies; index++) {
    const place = index % inOneBook
    if (place === 0) roots.push(join(folder, `book-${roots.length + 1}`))
    writeCopy({ lessons, index, place }, root, roots.at(-1)!)
  }
  return { roots, lessons: copies * lessons.length, copies }
}

function writeCopy(copy: Copy, from: string, to: string): void {
  const figures = join(from, 'lessons/figures')
  if (copy.place === 0 && existsSync(figures)) cpSync(figures, join(to, 'lessons/figures'), { recursive: true })
  // The copies fall into parts that the book has not begun.
  for (const part of copy.place === 0 ? PARTS : []) {
    write(join(to, partFile(part)), `---\ntitle: "${part.name}"\nsummary: "${part.promise}"\n---\n`)
  }
  for (const lesson of copy.lessons) {
    const folder = folderIn(copy, lesson)
    write(join(to, 'lessons', `${folder}.md`), textIn(copy, lesson))
    for (const { name, text } of lesson.snapshot.files) write(join(to, 'code', folder, fileIn(copy, name)), codeIn(copy, text))
  }
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}
