import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { CheckedLesson } from '../../scripts/workbook/check/lesson.ts'
import { CONTENT } from '../lessons/index.ts'
import { ROOT } from './command.ts'

/** The room of a lesson of the book. @throws Error when there is none */
export function room(lesson: number): CheckedLesson {
  const found = CONTENT.lessons.find(({ number }) => number === lesson)
  if (!found) throw new Error(`lesson ${lesson} has no room in tests/lessons`)
  return found
}

const IMPORT_RE = /from '(\.[^']*\.ts)'/g

/**
 * Names and contents of what is promised in a lesson, for the ingredients of a proof: its room, and what that takes
 * from other rooms.
 */
export function roomFiles(lesson: number): string[] {
  const folder = join(ROOT, 'tests/lessons', room(lesson).folder)
  const files = new Map<string, string>()
  const read = (file: string) => {
    // What stands in the text of a program is no import of ours.
    if (files.has(file) || !existsSync(file)) return
    const text = readFileSync(file, 'utf8')
    files.set(file, text)
    for (const [, path = ''] of text.matchAll(IMPORT_RE)) read(join(dirname(file), path))
  }
  read(join(folder, 'lesson.ts'))
  read(join(ROOT, 'tests/lessons/shared/mistakes/all.ts'))
  const hints = readFileSync(join(folder, 'hints.yaml'), 'utf8')
  return [...[...files].sort(([one], [other]) => one < other ? -1 : 1).flat(), hints]
}
