import type { PartPage } from '../../scripts/workbook/book/part-pages.ts'
import type { Lesson, Text, Workbook } from '../../scripts/workbook/book/read.ts'
import { hashOf } from '../../scripts/workbook/text.ts'
import type { Assets } from '../assets/assets.ts'
import type { Tried } from '../site.ts'

/** What this process has made last under each name, and from what. */
const made = new Map<string, { from: string, text: string }>()

/** HTML made from a text of the book: as it was made before, if nothing that goes into it has changed. */
export type Remember = (name: string, text: Text, make: () => string) => string

/**
 * A memory for `npm run dev`, where one process builds after every save and one text of forty has
 * changed. It lives as long as the process, in which the renderer does not change; everything else
 * that a page is made from is in the key: the text, of a lesson its program and the one it begins with, of a
 * part what its page lists, what the page says of others, the assets it names, the figures, and what the checker
 * tries.
 */
export function createMemory(
  workbook: Workbook, assets: Omit<Assets, 'files'>, figures: readonly string[], tried: ReadonlyMap<number, Tried>,
): Remember {
  const { fonts, style, script, icon } = assets
  const others = workbook.parts.map(({ number, name, page, lessons }) =>
    [number, name, page && [page.folder, page.title], lessons.map(describe)])
  const shared = hashOf(JSON.stringify([others, [...tried], fonts, style, script, icon]), ...figures)
  const keys = new Map<Text, string>([
    ...workbook.lessons.map(lesson => [lesson, hashOf(shared, ...ingredientsOf(lesson))] as const),
    ...workbook.parts.flatMap(({ page, lessons }) =>
      page ? [[page, hashOf(shared, ...ingredientsOfPart(page, lessons))] as const] : []),
  ])
  return (name, of, make) => {
    const from = keys.get(of) ?? ''
    const found = made.get(name)
    if (found && found.from === from) return found.text
    const text = make()
    made.set(name, { from, text })
    return text
  }
}

/** What tests do that compare a page with itself. */
export function forgetAll(): void {
  made.clear()
}

function describe({ id, number, folder, title, snapshot }: Lesson) {
  return [id, number, folder, title, snapshot.files.map(file => file.name)]
}

function ingredientsOfPart({ source }: PartPage, lessons: readonly Lesson[]): string[] {
  return [source, JSON.stringify(lessons.map(({ summary, minutes }) => [summary, minutes]))]
}

function ingredientsOf({ source, folder, snapshot, before, previous }: Lesson): string[] {
  const program = (files: Lesson['snapshot']['files'] = []) => files.flatMap(({ name, text }) => [name, text])
  return [source, folder, ...program(snapshot.files), 'before', String(previous?.number), ...program(before?.files)]
}
