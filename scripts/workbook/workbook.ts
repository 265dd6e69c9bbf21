import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MarkdownIt, Token } from 'markdown-it'
import { changesBetween, type FileChange } from './changes.ts'
import { uncovered } from './coverage.ts'
import { parseExperiment, type Experiment } from './experiment/parse.ts'
import { parseFenceInfo, type Fence } from './fence.ts'
import { readFrontMatter, type FrontMatter } from './front-matter.ts'
import { checkLink, innerLinks } from './links.ts'
import { createParser, headingsOf, parseBody, type Heading } from './markdown.ts'
import { PARTS, type PartPlan } from './parts.ts'
import { collectProblems, didYouMean, Problem, Problems } from './problem.ts'
import { readSnapshot, type Snapshot } from './snapshot.ts'
import { locate, makeSnippet, type Snippet } from './snippet.ts'
import { termsOf, type Term } from './terms.ts'

/** One lesson: its text, its program, and what the two have to do with each other. */
export interface Lesson extends FrontMatter {
  number: number
  slug: string
  /** The name of its folder in code/, `06-echo`. */
  folder: string
  /** Relative to the root, `lessons/06-echo.md`. */
  file: string
  source: string
  body: string
  /** The line of `file` on which `body` begins, from 1. */
  bodyLine: number
  tokens: Token[]
  headings: Heading[]
  snapshot: Snapshot
  /** The snapshot against that of the lesson before. */
  changes: FileChange[]
  snippets: Snippet[]
  experiments: Experiment[]
  terms: Term[]
  previous?: Lesson
  next?: Lesson
}

export interface Part extends PartPlan {
  number: number
  lessons: Lesson[]
}

export interface Workbook {
  root: string
  parts: Part[]
  lessons: Lesson[]
  /** In alphabetical order. */
  terms: (Term & { lesson: Lesson })[]
}

const LESSON_FILE_RE = /^(\d\d)-([a-z0-9-]+)\.md$/
const FOLDER_RE = /^(\d\d)-([a-z0-9-]+)$/

/**
 * Reads every lesson with its program, and checks all that can be checked without running anything.
 * @param root the folder that holds lessons/ and code/
 * @throws Problem or Problems, each with file, line and remedy
 */
export function readWorkbook(root: string): Workbook {
  const files = readdirSync(join(root, 'lessons')).filter(name => name.endsWith('.md')).sort()
  checkNames(root, files)
  const md = createParser()
  const lessons: Lesson[] = []
  collectProblems(files.map(name => () => {
    const previous = lessons.at(-1)
    const lesson = readLesson(root, name, previous, md)
    if (previous) previous.next = lesson
    lessons.push(lesson)
  }))
  collectProblems(lessons.flatMap(lesson => [
    ...innerLinks(lesson.tokens, lesson.file, lesson.bodyLine)
      .map(link => () => checkLink(link, lesson, lessons, root)),
    () => {
      const missing = uncovered(lesson.changes, lesson.snippets, lesson.snapshot.folder, lesson.file, lesson.leaves)
      if (missing.length > 0) throw new Problems(missing)
    },
  ]))
  return {
    root,
    lessons,
    parts: PARTS.map((plan, index) => ({
      ...plan,
      number: index + 1,
      lessons: lessons.filter(lesson => lesson.part === plan.name),
    })),
    terms: uniqueTerms(lessons),
  }
}

function readLesson(root: string, name: string, previous: Lesson | undefined, md: MarkdownIt): Lesson {
  const file = `lessons/${name}`
  const [, number = '', slug = ''] = LESSON_FILE_RE.exec(name) ?? []
  const source = readFileSync(join(root, file), 'utf8')
  const { data, body, bodyLine } = readFrontMatter(source, file)
  checkIdentity(data, Number(number), slug, file)
  const snapshot = readSnapshot(root, name.replace(/\.md$/, ''), file)
  const changes = changesBetween(previous?.snapshot, snapshot)
  const tokens = parseBody(md, body, file, bodyLine)
  const fences = readFences(tokens, { file, bodyLine, snapshot, changes })
  return {
    ...data,
    number: Number(number),
    slug,
    folder: name.replace(/\.md$/, ''),
    file,
    source,
    body,
    bodyLine,
    tokens,
    headings: headingsOf(tokens, bodyLine),
    snapshot,
    changes,
    snippets: fences.flatMap(fence => fence.kind === 'snippet' ? fence.snippet : []),
    experiments: fences.flatMap(fence => fence.kind === 'experiment' ? fence.experiment : []),
    terms: termsOf(tokens, file, bodyLine),
    ...(previous && { previous }),
  }
}

interface FenceContext {
  file: string
  bodyLine: number
  snapshot: Snapshot
  changes: readonly FileChange[]
}

function readFences(tokens: readonly Token[], context: FenceContext): Fence[] {
  const fences: Fence[] = []
  collectProblems(tokens.filter(token => token.type === 'fence' || token.type === 'code_block').map(token => () => {
    const place = { file: context.file, line: context.bodyLine + (token.map?.[0] ?? 0) }
    if (token.type === 'code_block') {
      throw new Problem('this code is indented instead of fenced', { place, remedy: 'Put it between two lines of three backticks.' })
    }
    const fence = readFence(token, place, context)
    token.meta = { fence }
    fences.push(fence)
  }))
  return fences
}

function readFence(token: Token, place: { file: string, line: number }, { snapshot, changes }: FenceContext): Fence {
  const info = parseFenceInfo(token.info, place.file, place.line)
  if (info.kind === 'experiment') {
    return { kind: 'experiment', experiment: parseExperiment(info.rest, token.content, place.file, place.line) }
  }
  if (info.kind !== 'snippet') return info
  const source = snapshot.files.find(file => file.name === info.file)
  const change = changes.find(file => file.name === info.file)
  if (!source || !change) {
    throw new Problem(`${snapshot.folder}/ has no file ${info.file}`, {
      place,
      remedy: didYouMean(info.file, snapshot.files.map(file => file.name)),
    })
  }
  const runs = locate(token.content, source, change, place)
  return { kind: 'snippet', lang: info.lang, file: info.file, snippet: makeSnippet(token.content, runs, source, change) }
}

function checkNames(root: string, files: readonly string[]): void {
  const numbers = new Map<string, string>()
  collectProblems(files.map(name => () => {
    const number = LESSON_FILE_RE.exec(name)?.[1]
    const place = { file: `lessons/${name}`, line: 1 }
    if (number === undefined) {
      throw new Problem('the name of this file is not that of a lesson', { place, remedy: 'Name it NN-slug.md, such as 06-echo.md.' })
    }
    const other = numbers.get(number)
    if (other) throw new Problem(`lessons/${other} has the number ${number} too`, { place, remedy: 'Give one of them a number of its own.' })
    numbers.set(number, name)
  }))
  const folders = existsSync(join(root, 'code')) ? readdirSync(join(root, 'code')) : []
  const known = files.map(name => name.replace(/\.md$/, ''))
  collectProblems(folders.filter(name => FOLDER_RE.test(name) && !known.includes(name)).map(name => () => {
    throw new Problem(`no lesson belongs to the folder code/${name}/`, {
      place: { file: `code/${name}` },
      remedy: `Write lessons/${name}.md, or remove the folder. ${didYouMean(name, known)}`,
    })
  }))
}

function checkIdentity(data: FrontMatter, number: number, slug: string, file: string): void {
  if (data.id !== slug) {
    throw new Problem(`the front matter's id is "${data.id}" and the file's name says "${slug}"`, { place: { file, line: 2 } })
  }
  const plan = PARTS.find(part => part.name === data.part)
  if (plan && (number < plan.first || number > plan.last)) {
    throw new Problem(`lesson ${number} is not in the part "${plan.name}"`, {
      place: { file, line: 1 },
      remedy: `That part has the lessons ${plan.first} to ${plan.last}.`,
    })
  }
}

function uniqueTerms(lessons: readonly Lesson[]): Workbook['terms'] {
  const terms: Workbook['terms'] = []
  collectProblems(lessons.flatMap(lesson => lesson.terms.map(term => () => {
    const other = terms.find(known => known.anchor === term.anchor)
    if (other) {
      throw new Problem(`the term "${term.term}" is defined in ${other.lesson.file} already`, {
        place: { file: lesson.file, line: term.line },
        remedy: 'A term is bold once, where it is defined.',
      })
    }
    terms.push({ ...term, lesson })
  })))
  return terms.sort((a, b) => a.term.localeCompare(b.term, 'en'))
}
