import { posix } from 'node:path'
import type { PartPage } from '../scripts/workbook/book/part-pages.ts'
import { isLesson, type Lesson, type Text } from '../scripts/workbook/book/read.ts'

/** Pages that are there once, by their path inside the site. */
export const PAGES = { cover: 'index.html', glossary: 'glossary.html', print: 'print.html', notFound: '404.html' } as const

/** The page of a lesson: `lessons/06-echo.html`. */
export function lessonPage(lesson: Pick<Lesson, 'folder'>): string {
  return `lessons/${lesson.folder}.html`
}

/** The page with which a part opens: `parts/4-http-from-bytes.html`. */
export function partPage(page: Pick<PartPage, 'folder'>): string {
  return `parts/${page.folder}.html`
}

/** The page of a lesson, or of a part. */
export function textPage(text: Text): string {
  return isLesson(text) ? lessonPage(text) : partPage(text)
}

/** The page of a lesson's program: `code/06-echo.html`. */
export function codePage(lesson: Pick<Lesson, 'folder'>): string {
  return `code/${lesson.folder}.html`
}

/** Where a file of a program stands on its page; with a line, where that line stands. */
export function fileAnchor(file: string, line?: number): string {
  return line === undefined ? file : `${file}-L${line}`
}

/** The download of a file of a program, and of all its files in one archive. */
export function download(lesson: Pick<Lesson, 'folder'>, file?: string): string {
  return file === undefined ? `code/${lesson.folder}.zip` : `code/${lesson.folder}/${file}`
}

/**
 * A link from one page to another place of the site. Always relative, so that the site works under
 * any base path and from disk.
 */
export function link(from: string, to: string, fragment?: string): string {
  const path = from === to && fragment !== undefined ? '' : posix.relative(posix.dirname(from), to)
  return fragment === undefined ? path : `${path}#${fragment}`
}
