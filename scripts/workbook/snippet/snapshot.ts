import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Problem } from '../problem.ts'
import { linesOf } from '../text.ts'

/** A file of a program, as it stands at the end of a lesson. */
export interface SourceFile {
  name: string
  text: string
  lines: string[]
}

/** The whole program at the end of a lesson. */
export interface Snapshot {
  /** Relative to the project's root: `code/06-echo`. */
  folder: string
  files: SourceFile[]
}

/**
 * Reads the program of a lesson.
 * @throws Problem when there is no such folder or it has no file
 */
export function readSnapshot(root: string, lessonFolder: string, lessonFile: string): Snapshot {
  const folder = `code/${lessonFolder}`
  const path = join(root, folder)
  const remedy = `Put the program of ${lessonFile} there.`
  if (!existsSync(path) || !statSync(path).isDirectory()) {
    throw new Problem(`the folder ${folder}/ is missing`, { place: { file: lessonFile, line: 1 }, remedy })
  }
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' })
    .map(name => name.replaceAll('\\', '/'))
    .filter(name => statSync(join(path, name)).isFile())
    .sort()
  if (names.length === 0) {
    throw new Problem(`the folder ${folder}/ is empty`, { place: { file: lessonFile, line: 1 }, remedy })
  }
  const files = names.map(name => {
    const text = readFileSync(join(path, name), 'utf8')
    return { name, text, lines: linesOf(text) }
  })
  return { folder, files }
}
