import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { LessonEntry } from '../book/list.ts'
import { Problem } from '../problem.ts'
import { hunksBetween, type DiffLine } from './diff.ts'
import { pieces, wrap, type Page } from './page.ts'
import { reading } from './refusals.ts'
import { paint } from '../text.ts'

const LEGEND = 'Lines with - are only in yours, lines with + only in the book\'s. Differences of form (blanks, '
  + 'quotation marks, semicolons) are passed over.'

/**
 * The reader's program against that of a lesson, as a text to print.
 * @throws Problem when the lesson has no program or a file cannot be read
 */
export function compareWithBook(root: string, lesson: LessonEntry, page: Page): string {
  const names = filesOf(join(root, 'code', lesson.folder))
  if (names.length === 0) throw new Problem(`lesson ${lesson.number} has no program yet`)
  const parts = names.map(name => compareFile(root, `workspace/${name}`, `code/${lesson.folder}/${name}`, page))
  const differ = parts.some(part => part.includes('\n'))
  const alone = programsIn(join(root, 'workspace')).filter(name => !names.includes(name))
  return [
    ...(differ ? [wrap(LEGEND, page.columns)] : []),
    ...parts,
    ...alone.map(name => `${name}: the book has none`),
  ].join('\n\n')
}

function programsIn(folder: string): string[] {
  return existsSync(folder) ? reading(folder, () => readdirSync(folder)).filter(name => /\.[cm]?ts$/.test(name)).sort() : []
}

/** Every file of a folder, by its name in it with `/`, in order. */
export function filesOf(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => statSync(join(folder, name)).isFile())
    .map(name => name.replaceAll('\\', '/'))
    .sort()
}

/** The files of the book's program that stand in a folder and are not byte for byte the same there. */
export function unlikeTheBook(books: string, folder: string): string[] {
  return filesOf(books).filter(name => {
    const path = join(folder, name)
    return existsSync(path) && !reading(path, () => readFileSync(path)).equals(readFileSync(join(books, name)))
  })
}

function compareFile(root: string, mine: string, books: string, page: Page): string {
  const name = mine.slice('workspace/'.length)
  const path = join(root, mine)
  const own = reading(path, () => existsSync(path) ? readFileSync(path) : undefined)
  const other = readFileSync(join(root, books))
  if (own === undefined) return `${name}: you have none. The book's is ${books}`
  if (own.equals(other)) return `${name}: the same`
  if (own.includes(0) || other.includes(0)) return `${name}: another one than ${books}`
  const hunks = hunksBetween(own.toString('utf8'), other.toString('utf8'))
  if (hunks === undefined) return `${name}: they have too little in common. The book's is ${books}`
  if (hunks.length === 0) return `${name}: the same but for its form`
  return [
    ...pieces(`--- ${mine}`, page.columns),
    ...pieces(`+++ ${books}`, page.columns),
    ...hunks.flatMap(({ head, lines }) => [paint(page, 'cyan', head), ...lines.flatMap(line => show(line, page))]),
  ].join('\n')
}

/** A line with its sign; what is too wide goes on in the next line, after the same sign and `…`. */
function show({ sign, text }: DiffLine, page: Page): string[] {
  const [first = '', ...more] = cut(text, page.columns - 1)
  const lines = [first, ...more.map(part => `… ${part}`)].map(part => (sign + part).trimEnd())
  if (sign === ' ') return lines
  return lines.map(line => paint(page, sign === '-' ? 'red' : 'green', line))
}

function cut(text: string, columns: number): string[] {
  return text.length <= columns ? [text] : [text.slice(0, columns), ...pieces(text.slice(columns), columns - 2)]
}
