import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { derivedFiles } from './workbook/book/write/derived.ts'
import { fencesOf, parseFenceInfo } from './workbook/book/fence.ts'
import { listLessons, type LessonEntry } from './workbook/book/list.ts'
import { createParser } from './workbook/book/markdown.ts'
import { Problem, Problems } from './workbook/problem.ts'
import { rewriteFence } from './workbook/snippet/rewrite.ts'
import { PROJECT_ROOT } from './workbook/project.ts'
import { shiftAt, splitRuns } from './workbook/snippet/snippet.ts'
import { linesOf } from './workbook/text.ts'
import { readOptions } from './workbook/start/options.ts'

/**
 * `npm run sync`: after a program changed, rewrites the fences that show it; and the files that
 * follow from the lessons (package.json's scripts, the table of keys, what editors complete).
 * `--check` writes nothing and returns 1 if something would change.
 */
export async function main(argv: string[], { root = PROJECT_ROOT } = {}): Promise<number> {
  const { values: { check: checking } } = readOptions(argv, { check: { type: 'boolean', default: false } }, 'npm run sync, or npm run sync -- --check')
  const problems: Problem[] = []
  const changed: string[] = []
  const update = (file: string, make: (current: string) => string) => {
    const path = join(root, file)
    const current = existsSync(path) ? readFileSync(path, 'utf8') : ''
    const fresh = make(current)
    if (fresh === current) return
    changed.push(file)
    if (checking) return
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, fresh)
  }
  for (const name of readdirSync(join(root, 'lessons')).filter(name => name.endsWith('.md')).sort()) {
    const file = `lessons/${name}`
    update(file, source => syncFences(source, file, join(root, 'code', name.replace(/\.md$/, '')), problems))
  }
  const lessons = listLessons(root)
  for (const { file, make } of derivedFiles(lessons, roomsIn(root, lessons))) {
    if (existsSync(join(root, file)) || file.startsWith('.vscode/')) update(file, make)
  }
  for (const file of changed) console.log(`${checking ? 'out of step' : 'rewritten'}: ${file}`)
  if (problems.length > 0) throw new Problems(problems)
  return checking && changed.length > 0 ? 1 : 0
}

function roomsIn(root: string, lessons: readonly LessonEntry[]): string[] {
  return lessons.map(({ folder }) => folder).filter(folder => existsSync(join(root, 'tests/lessons', folder, 'lesson.ts')))
}

function syncFences(source: string, file: string, folder: string, problems: Problem[]): string {
  const lines = source.split('\n')
  // From the last to the first, so that line numbers further up stay true.
  for (const { token, place } of fencesOf(createParser().parse(source, {}), file).reverse()) {
    const [first, last] = token.map ?? [0, 0]
    const info = parseFenceInfo(token.info, file, place.line)
    if (info.kind !== 'snippet') continue
    const path = join(folder, info.file)
    if (!existsSync(path)) {
      problems.push(new Problem(`${info.file} is not in the program of this lesson`, { place }))
      continue
    }
    const program = linesOf(readFileSync(path, 'utf8'))
    if (splitRuns(token.content).every(run => stands(run.lines, program))) continue
    const fresh = rewriteFence(token.content, program)
    if (fresh === undefined) {
      problems.push(new Problem(`nothing in ${info.file} is like this fence any more`, { place, remedy: 'Write it anew.' }))
      continue
    }
    lines.splice(first + 1, last - first - 2, ...linesOf(fresh))
  }
  return lines.join('\n')
}

function stands(run: readonly string[], program: readonly string[]): boolean {
  return program.some((_, start) => shiftAt(program, run, start) !== undefined)
}
