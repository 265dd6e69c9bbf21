import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { listLessons, peekFrontMatter } from './workbook/book/list.ts'
import { Problem } from './workbook/problem.ts'
import { PROJECT_ROOT } from './workbook/project.ts'
import { bar } from './workbook/progress/bar.ts'
import { createFile, whatIs } from './workbook/workspace/files.ts'
import { expectFolder, readOptions } from './workbook/start/options.ts'
import { standardPage, wrap } from './workbook/workspace/page.ts'
import {
  currentLesson, isDone, mergeProgress, parseProgress, printProgress, readProgress, updateProgress, type Progress,
} from './workbook/progress/progress.ts'
import { guarded, reading, shown } from './workbook/workspace/refusals.ts'

const USE = 'npm run progress, with -- --export FILE, -- --import FILE or -- --json'

/** What `npm run progress -- --json` prints. */
export interface ProgressReport {
  done: number
  of: number
  /** The id of the lesson that the reader is on. */
  current?: string
  /** In the order of the book. */
  lessons: { id: string, number: number, title: string, done?: string }[]
  /** Ids that are done and that this copy of the book has not. */
  others: string[]
}

/**
 * `npm run progress` says what is done and what is next. `--export FILE` writes it to a new file,
 * `--import FILE` adds what such a file has, `--json` prints a ProgressReport.
 */
export async function main(argv: string[], { root = PROJECT_ROOT } = {}): Promise<number> {
  const { values } = readOptions(argv, {
    export: { type: 'string' }, import: { type: 'string' }, json: { type: 'boolean', default: false },
  }, USE)
  if (values.export !== undefined && values.import !== undefined) {
    throw new Problem('--export and --import are two commands', { exitCode: 2, remedy: `Use: ${USE}` })
  }
  if (values.export !== undefined) console.log(exportTo(root, values.export))
  else if (values.import !== undefined) console.log(importFrom(root, values.import))
  else {
    const progress = readProgress(root)
    const report = await reportOn(root, progress)
    console.log(values.json ? JSON.stringify(report) : print(report, nextStep(root, report, progress)))
  }
  return 0
}

// npm runs every command in the project's root; the reader may have been in another folder.
function fromHere(file: string): string {
  return resolve(process.env.INIT_CWD ?? '.', file)
}

function exportTo(root: string, word: string): string {
  const file = fromHere(word)
  expectFolder(`--export ${word}`, dirname(word), dirname(file), 'Make it, or choose another.')
  const { failed: _, ...progress } = readProgress(root)
  guarded(file, () => createFile(file, printProgress(progress)))
  return `${shown(file)} has your progress: ${lessons(Object.keys(progress.done).length)} done.\n`
    + `Elsewhere: npm run progress -- --import ${shown(file)}`
}

function importFrom(root: string, word: string): string {
  const file = fromHere(word)
  if (reading(file, () => whatIs(file)) === undefined) {
    throw new Problem(`--import ${word}: there is no such file`, {
      exitCode: 2, remedy: 'One is made where your progress is: npm run progress -- --export FILE',
    })
  }
  const found = parseProgress(reading(file, () => readFileSync(file, 'utf8')), shown(file))
  let more = 0
  updateProgress(root, progress => {
    const merged = mergeProgress(progress, found)
    more = Object.keys(merged.done).length - Object.keys(progress.done).length
    return printProgress(merged) === printProgress(progress) ? progress : merged
  })
  return more === 0 ? 'Nothing new: all of that is done here too.' : `${lessons(more)} more done now. See: npm run progress`
}

function lessons(count: number): string {
  return count === 1 ? '1 lesson' : `${count} lessons`
}

async function reportOn(root: string, progress: Progress): Promise<ProgressReport> {
  const all = listLessons(root)
  const current = currentLesson(progress, all)
  const rows = await Promise.all(all.map(async lesson => ({
    id: lesson.slug,
    number: lesson.number,
    title: await peekFrontMatter(root, lesson, 'title') ?? lesson.slug,
    ...(Object.hasOwn(progress.done, lesson.slug) && { done: progress.done[lesson.slug] ?? '' }),
  })))
  return {
    done: rows.filter(row => row.done !== undefined).length,
    of: rows.length,
    ...(current && { current: current.slug }),
    lessons: rows,
    others: Object.keys(progress.done).filter(id => !all.some(lesson => lesson.slug === id)),
  }
}

/** What a reader does next. */
function nextStep(root: string, { done, of, current }: ProgressReport, progress: Progress): string {
  const lesson = listLessons(root).find(({ slug }) => slug === current)
  if (lesson && isDone(progress, lesson)) return done === of ? 'All that is written is done.' : 'Next: npm run next'
  if (lesson === undefined || progress.failed?.lesson === current) return 'Next: npm run check'
  // Nothing of it has been checked: they have come from the lesson before.
  return `Next: read lessons/${lesson.folder}.md, or the site (npm start), then: npm run check`
}

function print({ done, of, current, lessons, others }: ProgressReport, next: string): string {
  const count = ` ${done} of ${of} done`
  const rows = lessons.map(lesson => {
    const state = lesson.done !== undefined ? 'done' : lesson.id === current ? 'here' : ''
    const remark = lesson.done !== undefined && lesson.id === current ? 'you are here' : lesson.done?.slice(0, 10) ?? ''
    return `  ${state.padEnd(4)}  ${String(lesson.number).padStart(2)}  ${lesson.title.padEnd(40)}  ${remark}`.trimEnd()
  })
  return [
    bar(done, of, standardPage().columns - count.length) + count,
    '',
    ...rows,
    ...(others.length > 0 ? ['', `Done as well, though not in this copy of the book: ${others.join(', ')}`] : []),
    '',
    wrap(next, standardPage().columns),
  ].join('\n')
}
