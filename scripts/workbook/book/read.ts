import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MarkdownIt, Token } from 'markdown-it'
import { changesBetween, type FileChange } from '../snippet/changes.ts'
import { uncovered } from '../snippet/coverage.ts'
import type { Experiment } from '../experiment/parse.ts'
import { readFences } from './fence.ts'
import { checkGiven } from './given.ts'
import { readFrontMatter, type FrontMatter } from './front-matter.ts'
import { fromIn, NOTHING } from './list.ts'
import { checkLink, innerLinks } from './links.ts'
import { createParser, headingsOf, parseBody, type Heading } from './markdown.ts'
import { readPartPages, type PartPage } from './part-pages.ts'
import { PARTS, type PartPlan } from './parts.ts'
import { collectProblems, didYouMean, Problem, Problems } from '../problem.ts'
import { readSnapshot, type Snapshot } from '../snippet/snapshot.ts'
import type { Snippet } from '../snippet/snippet.ts'
import { termsOf, uniqueTerms, type Term } from './terms.ts'
import { hashOf } from '../text.ts'

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
  /** The program that the reader has when the lesson begins. */
  before?: Snapshot
  /** The snapshot against that. */
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
  /** The page with which it opens, where somebody has written its text. */
  page?: PartPage
}

/** What is read on a page of its own. */
export type Text = Lesson | PartPage

/** Whether a text is that of a lesson: those have a program. */
export function isLesson(text: Text): text is Lesson {
  return 'snapshot' in text
}

export interface Workbook {
  root: string
  parts: Part[]
  lessons: Lesson[]
  /** The pages of the parts and the lessons, in the order in which they are read. */
  texts: Text[]
  /** In alphabetical order. */
  terms: (Term & { text: Text })[]
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
    const lesson = readLesson(root, name, lessons, md)
    if (previous) previous.next = lesson
    lessons.push(lesson)
  }))
  const pages = readPartPages(root, new Set(lessons.map(({ part }) => part)), md)
  const parts = PARTS.map((plan, index): Part => ({
    ...plan,
    number: index + 1,
    lessons: lessons.filter(lesson => lesson.part === plan.name),
    ...(pages.has(plan.name) && { page: pages.get(plan.name)! }),
  }))
  const texts = parts.flatMap(part => [...(part.page ? [part.page] : []), ...part.lessons])
  const book = { root, lessons, parts, texts }
  collectProblems(texts.flatMap(text => [
    ...innerLinks(text.tokens, text.file, text.bodyLine).map(link => () => checkLink(link, text, book)),
    ...(isLesson(text) ? [() => checkCovered(text), () => checkCover(text)] : []),
  ]))
  return { ...book, terms: uniqueTerms(texts) }
}

/** Promise 2: what is new in a lesson's program is shown or given. */
function checkCovered({ changes, snippets, snapshot, file, leaves, gives }: Lesson): void {
  const missing = uncovered(changes, snippets, snapshot.folder, file, { leaves, gives })
  if (missing.length > 0) throw new Problems(missing)
}

/** The experiment that is shown on the cover is one of the lesson's, and is played. */
function checkCover({ cover, experiments, file }: Lesson): void {
  const known = experiments.filter(({ recorded }) => !recorded).map(({ slug }) => slug)
  if (cover === undefined || known.includes(cover)) return
  throw new Problem(`front matter, cover: "${cover}" is no experiment of this lesson that is played`, {
    place: { file, line: 1 }, remedy: didYouMean(cover, known),
  })
}

type Content = Omit<Lesson, 'previous' | 'next'>

/** What this process has read last of each lesson, and from what: of forty, one has changed when it reads again. */
const read = new Map<string, { from: string, content: Content }>()

function readLesson(root: string, name: string, earlier: readonly Lesson[], md: MarkdownIt): Lesson {
  const file = `lessons/${name}`
  const source = readFileSync(join(root, file), 'utf8')
  const snapshot = readSnapshot(root, name.replace(/\.md$/, ''), file)
  const previous = earlier.at(-1)
  const before = programBefore(source, file, earlier)
  const from = hashOf(source, JSON.stringify([snapshot, before]))
  const known = read.get(join(root, file))
  const content = known?.from === from ? known.content : readContent(name, source, snapshot, before, md)
  read.set(join(root, file), { from, content })
  return { ...content, ...(previous && { previous }) }
}

/**
 * The program that the reader has when a lesson begins: that of the lesson before, in which the files
 * are those of another lesson that the text puts back; undefined where the reader begins with an empty folder.
 * @throws Problem when there is no such lesson before
 */
function programBefore(source: string, file: string, earlier: readonly Lesson[]): Snapshot | undefined {
  const previous = earlier.at(-1)?.snapshot
  const number = fromIn(source)
  if (number === NOTHING) return undefined
  if (number === undefined) return previous
  const base = earlier.find(lesson => lesson.number === number)
  if (!previous || !base) {
    const line = source.split('\n').findIndex(text => text.startsWith('from:')) + 1
    throw new Problem(`front matter, from: no lesson ${number} comes before this one`, { place: { file, line } })
  }
  const put = new Map(base.snapshot.files.map(found => [found.name, found]))
  return { folder: base.snapshot.folder, files: previous.files.map(found => put.get(found.name) ?? found) }
}

function readContent(
  name: string, source: string, snapshot: Snapshot, before: Snapshot | undefined, md: MarkdownIt,
): Content {
  const file = `lessons/${name}`
  const [, number = '', slug = ''] = LESSON_FILE_RE.exec(name) ?? []
  const { data, body, bodyLine } = readFrontMatter(source, file)
  checkIdentity(data, Number(number), slug, file)
  const changes = changesBetween(before, snapshot)
  const tokens = parseBody(md, body, file, bodyLine)
  checkGiven(tokens, data.gives, changes, { file, bodyLine, folder: snapshot.folder })
  const fences = readFences(tokens, { file, bodyLine, program: { snapshot, changes } })
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
    ...(before && { before }),
    changes,
    snippets: fences.flatMap(fence => fence.kind === 'snippet' ? fence.snippet : []),
    experiments: fences.flatMap(fence => fence.kind === 'experiment' ? fence.experiment : []),
    terms: termsOf(tokens, file, bodyLine),
  }
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
