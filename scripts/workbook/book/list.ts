import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { nearest, Problem } from '../problem.ts'
import { splitFrontMatter } from '../text.ts'

/** A lesson as the folder listings know it, without a look inside. */
export interface LessonEntry {
  number: number
  slug: string
  /** `06-echo` */
  folder: string
}

const ENTRY_RE = /^(\d+)-([a-z0-9-]+?)(\.md)?$/

/**
 * Every lesson of the course by number, from the names in `lessons/` and `code/`. It reads no
 * lesson and loads no schema: a program must not wait for that before it starts.
 */
export function listLessons(root: string): LessonEntry[] {
  const found = new Map<number, LessonEntry>()
  for (const folder of ['code', 'lessons']) {
    for (const file of existsSync(join(root, folder)) ? readdirSync(join(root, folder)) : []) {
      const [, digits, slug] = ENTRY_RE.exec(file) ?? []
      if (digits && slug) found.set(Number(digits), { number: Number(digits), slug, folder: `${digits}-${slug}` })
    }
  }
  return [...found.values()].sort((a, b) => a.number - b.number)
}

/**
 * The lesson that a word on the command line means: its number (`6`, `06`) or its slug (`echo`).
 * @param command what the number of a lesson follows, for whoever named one that is not there
 * @throws Problem with exit code 2, naming the nearest lesson
 */
export function findLesson(lessons: readonly LessonEntry[], word: string, command = 'npm run lesson:'): LessonEntry {
  const number = /^\d+$/.test(word) ? Number(word) : undefined
  const found = lessons.find(lesson => lesson.number === number || lesson.slug === word || lesson.folder === word)
  if (found) return found
  const first = lessons[0]
  const last = lessons.at(-1)
  if (!first || !last) throw new Problem('there are no lessons in lessons/ and code/ yet')
  const near = number === undefined
    ? lessons.find(lesson => lesson.slug === nearest(word, lessons.map(other => other.slug)))
    : lessons.reduce((a, b) => Math.abs(b.number - number) < Math.abs(a.number - number) ? b : a)
  const range = first === last ? `The only one is ${first.number}` : `The lessons are ${first.number} to ${last.number}`
  throw new Problem(`there is no lesson ${number ?? `"${word}"`}`, {
    exitCode: 2,
    remedy: near
      ? `${range}; the nearest is ${near.number}, ${near.slug}: ${command}${near.number}`
      : `${range}; npm run lesson lists them.`,
  })
}

/**
 * One value of a lesson's front matter, unchecked: a lesson whose text is being written still runs.
 * @returns the value when it is a string
 */
export async function peekFrontMatter(root: string, lesson: LessonEntry, key: string): Promise<string | undefined> {
  const yaml = frontMatterOf(root, lesson)
  if (!yaml?.includes(`${key}:`)) return undefined
  // Loading the YAML parser takes 35 ms, a third of what may pass before a lesson's program starts.
  // A value of words alone means the same without it.
  const [, plain] = new RegExp(`^${key}: ([A-Za-z][\\w ./-]*)$`, 'm').exec(yaml) ?? []
  if (plain !== undefined) return plain.trimEnd()
  const value = (await parsed(yaml))[key]
  return typeof value === 'string' ? value : undefined
}

/** What a lesson begins from when the reader's folder is to be empty. */
export const NOTHING = 'nothing'

/** The number of the lesson whose files the text of another puts back first, unchecked; most have none. */
export function fromIn(source: string): number | typeof NOTHING | undefined {
  const [, from] = /^from: +(\d+|nothing)$/m.exec(splitFrontMatter(source)?.yaml ?? '') ?? []
  return from === undefined || from === NOTHING ? from : Number(from)
}

/** Whether the reader's folder is empty when a lesson begins. */
export function beginsAnew(root: string, { folder }: LessonEntry): boolean {
  const file = join(root, 'lessons', `${folder}.md`)
  return existsSync(file) && fromIn(readFileSync(file, 'utf8')) === NOTHING
}

/** The tools that a lesson's front matter asks for, unchecked. */
export async function needsOf(root: string, lesson: LessonEntry): Promise<string[]> {
  const { needs } = await parsed(frontMatterOf(root, lesson) ?? '')
  return Array.isArray(needs) ? needs.map(String) : []
}

/** The files that a lesson's front matter gives, unchecked. */
export async function givesOf(root: string, lesson: LessonEntry): Promise<string[]> {
  const yaml = frontMatterOf(root, lesson)
  // Most lessons give none, and the parser takes its time.
  if (!yaml?.includes('gives:')) return []
  const { gives } = await parsed(yaml)
  return Array.isArray(gives) ? gives.map(String) : []
}

function frontMatterOf(root: string, lesson: LessonEntry): string | undefined {
  const file = join(root, 'lessons', `${lesson.folder}.md`)
  if (!existsSync(file)) return undefined
  return splitFrontMatter(readFileSync(file, 'utf8'))?.yaml
}

async function parsed(yaml: string): Promise<Record<string, unknown>> {
  const { parse } = await import('yaml')
  try {
    const value: unknown = parse(yaml)
    return typeof value === 'object' && value !== null ? value as Record<string, unknown> : {}
  } catch {
    return {}
  }
}
