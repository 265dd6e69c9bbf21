import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { listLessons, type LessonEntry } from '../list.ts'
import { partFile } from '../part-pages.ts'
import { PARTS } from '../parts.ts'
import { Problem } from '../../problem.ts'
import { partText, roomTexts, serverText, textOf, type NewLesson } from './new-texts.ts'

/**
 * Makes the three places of a lesson: its text, its program and its room. The program is that of the lesson before,
 * or a small server where another program begins.
 * @param begins the name of that program
 * @returns the lesson, and what was made, relative to the root
 * @throws Problem, with nothing made, when the title makes no name, a place is taken, or the course has no such part
 */
export function makeLesson(root: string, title: string, begins?: string): { lesson: LessonEntry, made: string[] } {
  if (begins !== undefined && !/^[a-z][a-z0-9-]*$/.test(begins)) {
    throw new Problem(`--begins ${begins}: a program's name has small letters, digits and hyphens`, { exitCode: 2 })
  }
  const before = listLessons(root).at(-1)
  const number = (before?.number ?? 0) + 1
  const slug = slugOf(title)
  const name = `${String(number).padStart(2, '0')}-${slug}`
  const part = PARTS.find(({ first, last }) => number >= first && number <= last)
  if (!part) throw new Problem(`no part of the course has a lesson ${number}`, { remedy: 'Add it to scripts/workbook/book/parts.ts.' })
  const [text, program, room] = [`lessons/${name}.md`, `code/${name}/`, `tests/lessons/${name}/`]
  const taken = [...placesOf(root, slug), text, program, room].find(place => existsSync(join(root, place)))
  if (taken !== undefined) throw new Problem(`${taken} is there already`, { remedy: 'Nothing was made. Go on with that, or choose another title.' })

  const old = before === undefined ? undefined : join(root, 'code', before.folder)
  const starts = begins ?? (old !== undefined && existsSync(old) ? undefined : 'first')
  const lesson: NewLesson = {
    number, slug, name, title, part: part.name, ...(starts !== undefined && { begins: starts }),
  }
  if (starts === undefined) cpSync(old ?? '', join(root, program), { recursive: true })
  else write(root, `${program}server.ts`, serverText())
  write(root, text, textOf(lesson))
  for (const [file, content] of Object.entries(roomTexts(lesson))) write(root, room + file, content)
  // The first lesson of a part opens it.
  const opens = !existsSync(join(root, partFile(part)))
  if (opens) write(root, partFile(part), partText(part))
  return { lesson: { number, slug, folder: name }, made: [text, program, room, ...(opens ? [partFile(part)] : [])] }
}

/** What another lesson of that name has: `npm run new` was run before, or two lessons would share one address. */
function placesOf(root: string, slug: string): string[] {
  return listLessons(root).filter(lesson => lesson.slug === slug).map(({ folder }) => `lessons/${folder}.md`)
}

function slugOf(title: string): string {
  const slug = title.normalize('NFKD').replace(/[\u0300-\u036f'’]/g, '').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')
  if (slug.length >= 3) return slug
  throw new Problem(`the title "${title}" makes no name for files`, { exitCode: 2, remedy: 'Use at least three letters of a to z.' })
}

function write(root: string, file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), text, { flag: 'wx' })
}
