import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { diff3Merge } from 'node-diff3'
import { beginsAnew, findLesson, fromIn, listLessons, type LessonEntry } from './workbook/book/list.ts'
import { Problem } from './workbook/problem.ts'
import { PROJECT_ROOT } from './workbook/project.ts'
import { linesOf } from './workbook/text.ts'
import { readOptions } from './workbook/start/options.ts'

/**
 * `npm run carry`: merges a repair in an early program into the later ones, so that they differ only
 * by what their lessons show. What was repaired is what differs from the last commit (`--since REV`).
 * `npm run carry 4` begins with lesson 4 instead of the first that changed.
 * @throws Problem at the first conflict; the lessons before it are carried, it and the later ones untouched
 */
export async function main(argv: string[], { root = PROJECT_ROOT } = {}): Promise<number> {
  const { values, words: [word] } = readOptions(argv, { since: { type: 'string', default: 'HEAD' } }, 'npm run carry, or npm run carry 4', 1)
  const lessons = listLessons(root)
  const first = word === undefined ? undefined : findLesson(lessons, word, 'npm run carry ')
  const written: string[] = []
  for (const [index, to] of lessons.entries()) {
    const from = beginsWith(root, to, lessons) ?? lessons[index - 1]
    if (!from || beginsAnew(root, to) || (first && to.number <= first.number)) continue
    written.push(...carry(root, from, to, values.since))
  }
  console.log(written.length === 0 ? 'Nothing to carry.' : written.map(file => `carried into ${file}`).join('\n'))
  if (written.length > 0) console.log('Now run npm run sync, and npm test.')
  return 0
}

/** The lesson whose files this one puts back, if it does. */
function beginsWith(root: string, { folder }: LessonEntry, lessons: readonly LessonEntry[]): LessonEntry | undefined {
  const file = join(root, 'lessons', `${folder}.md`)
  const number = existsSync(file) ? fromIn(readFileSync(file, 'utf8')) : undefined
  return lessons.find(lesson => lesson.number === number)
}

function carry(root: string, from: LessonEntry, to: LessonEntry, since: string): string[] {
  return readdirSync(join(root, 'code', from.folder)).flatMap(name => {
    const [source, target] = [`code/${from.folder}/${name}`, `code/${to.folder}/${name}`]
    const before = committed(root, source, since)
    if (before === undefined || !existsSync(join(root, target))) return []
    const repaired = readFileSync(join(root, source), 'utf8')
    const later = readFileSync(join(root, target), 'utf8')
    if (repaired === before) return []
    const merged = diff3Merge(linesOf(later), linesOf(before), linesOf(repaired))
      .map(part => part.ok ?? conflict(part.conflict?.aIndex ?? 0, target, source, to.number))
    const text = `${merged.flat().join('\n')}\n`
    if (text === later) return []
    writeFileSync(join(root, target), text)
    return [target]
  })
}

function conflict(line: number, target: string, source: string, lesson: number): never {
  throw new Problem(`what changed in ${source} meets a line that this lesson changes too`, {
    place: { file: target, line: line + 1 },
    remedy: `Make the repair here by hand, then run npm run carry ${lesson}.`,
  })
}

function committed(root: string, file: string, since: string): string | undefined {
  try {
    return execFileSync('git', ['show', `${since}:${file}`], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  } catch {
    return undefined
  }
}
