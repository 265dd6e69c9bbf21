import { basename, dirname, join } from 'node:path'
import type { LessonEntry } from '../book/list.ts'
import { Problem } from '../problem.ts'
import { createFolder, keepAside, readRegular, replaceOwnFile, whatIs } from '../workspace/files.ts'
import { guarded, reading } from '../workspace/refusals.ts'

/**
 * How far the reader is. Lessons stand in it by id, which never changes; ids and keys that are not
 * known are kept. The site keeps the same in the browser, so that export and import fit both ways.
 */
export interface Progress {
  version: 1
  /** The lesson that the reader is on; without it the first that is not done. */
  current?: string
  /** The lessons that are done, each with the moment it was. */
  done: Record<string, string>
  failed?: LastFailure
}

/** What failed in the last check. */
export interface LastFailure {
  lesson: string
  behaviour: string
  /** The mistake that was recognised. */
  diagnosis?: string
  /** How many of its hints have been shown. */
  shown: number
}

/** Relative to the root. */
export const PROGRESS_FILE = 'workspace/progress.json'

/** The progress of a reader who has not begun. */
export const NO_PROGRESS: Progress = { version: 1, done: {} }

/**
 * Reads workspace/progress.json; a reader without one has not begun.
 * @throws Problem when it cannot be understood: it has then been kept aside under a dated name
 */
export function readProgress(root: string): Progress {
  const file = join(root, PROGRESS_FILE)
  try {
    return peekProgress(root)
  } catch (error) {
    if (!(error instanceof BrokenProgress)) throw error
    const kept = `workspace/${basename(guarded(file, () => keepAside(file, 'broken')))}`
    throw new Problem(error.message, {
      ...(error.place && { place: error.place }),
      remedy: `Nothing is lost, it is ${kept} now. Mend that, then: npm run progress -- --import ${kept}`,
    })
  }
}

/**
 * The same for whoever must not change anything.
 * @throws BrokenProgress when it cannot be understood, Problem when it cannot be read
 */
export function peekProgress(root: string): Progress {
  const text = textOf(root)
  return text === undefined ? NO_PROGRESS : parseProgress(text, PROGRESS_FILE)
}

function textOf(root: string): string | undefined {
  const file = join(root, PROGRESS_FILE)
  // A link that leads nowhere is something, and not the sign of a reader who has not begun.
  return reading(file, () => whatIs(file) === undefined ? undefined : readRegular(file))
}

/** The file is there and is no progress. */
export class BrokenProgress extends Problem {}

/**
 * Reads progress from text that people may have edited.
 * @throws BrokenProgress naming the line where that can be told
 */
export function parseProgress(text: string, file: string): Progress {
  const value = parseJson(text, file)
  const broken = (message: string, key?: string) =>
    new BrokenProgress(message, { place: { file, ...(key !== undefined && lineOf(text, `"${key}"`)) } })
  if (!isRecord(value)) throw broken('this is not progress: it should be an object in braces')
  const { version = 1, current, done = {}, failed, ...others } = value
  if (version !== 1) throw broken(`"version" is ${JSON.stringify(version)}, and this workbook knows version 1`, 'version')
  if (!isRecord(done)) throw broken('"done" should be an object of lesson ids and dates', 'done')
  for (const [id, date] of Object.entries(done)) {
    if (typeof date !== 'string') throw broken(`"${id}" should have a date in quotation marks`, id)
  }
  if (current !== undefined && typeof current !== 'string') throw broken('"current" should be the id of a lesson', 'current')
  return {
    ...others,
    version: 1,
    ...(current !== undefined && { current }),
    done: done as Record<string, string>,
    // Worth no complaint: without it the next check writes it anew.
    ...(isLastFailure(failed) && { failed }),
  }
}

/**
 * Writes workspace/progress.json, whole or not at all.
 * @param still asked right before; returns what it said
 */
export function writeProgress(root: string, progress: Progress, still?: () => boolean): boolean {
  const file = join(root, PROGRESS_FILE)
  return guarded(file, () => {
    createFolder(dirname(file))
    return replaceOwnFile(file, printProgress(progress), still)
  })
}

/**
 * Changes what is in workspace/progress.json. Other processes may do the same, the site's server for
 * one: what they have written meanwhile is read again and changed. Two that write in the very same moment
 * leave what the last one wrote.
 * @param change returns the new progress, or the one it was given to write nothing; it may be asked often
 * @throws Problem as readProgress does
 */
export function updateProgress(root: string, change: (progress: Progress) => Progress): Progress {
  for (let tries = 1; ; tries++) {
    const seen = textOf(root)
    const before = readProgress(root)
    const after = change(before)
    // Whoever changes nothing needs no folder that can be written.
    if (after === before) return after
    if (writeProgress(root, after, () => tries === MOST_TRIES || textOf(root) === seen)) return after
  }
}

/** Where others write all the time, this is the last go, and overwrites what they have written since. */
const MOST_TRIES = 100

/**
 * Adds what another progress has, such as one from another machine. Nothing that is done is lost, and the
 * reader stays on their lesson.
 */
export function mergeProgress(own: Progress, other: Progress): Progress {
  const { failed: _, ...theirs } = other
  return { ...theirs, ...own, done: { ...theirs.done, ...own.done } }
}

/** The text of a progress file. */
export function printProgress({ version, current, done, ...others }: Progress): string {
  return `${JSON.stringify({ version, current, done, ...others }, null, 2)}\n`
}

/** The lesson that the reader is on. */
export function currentLesson<Lesson extends Pick<LessonEntry, 'slug'>>(
  progress: Progress, lessons: readonly Lesson[],
): Lesson | undefined {
  return lessons.find(lesson => lesson.slug === progress.current)
    ?? lessons.find(lesson => !isDone(progress, lesson))
    ?? lessons.at(-1)
}

/** Whether a lesson is done. */
export function isDone(progress: Progress, lesson: Pick<LessonEntry, 'slug'>): boolean {
  return Object.hasOwn(progress.done, lesson.slug)
}

function parseJson(text: string, file: string): unknown {
  // What an editor puts before the text, and the comma that a hand forgets after the last entry.
  const forgiven = text.replace(/^\uFEFF/, ' ').replace(/("(?:[^"\\\n]|\\.)*")|,(?=\s*[}\]])/g, (_, string) => string ?? ' ')
  try {
    return JSON.parse(forgiven)
  } catch (error) {
    // Node says where it stumbled in most cases; what it quotes of the file is left out.
    const [, why, position] = /^(.+?) in JSON at position (\d+)/.exec((error as Error).message) ?? []
    const line = position === undefined ? undefined : forgiven.slice(0, Number(position)).split('\n').length
    throw new BrokenProgress(why === undefined ? 'this is not JSON' : `this is not JSON: ${why}`, {
      place: { file, ...(line !== undefined && { line }) },
    })
  }
}

function lineOf(text: string, words: string): { line?: number } {
  const index = text.split('\n').findIndex(line => line.includes(words))
  return index < 0 ? {} : { line: index + 1 }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isLastFailure(value: unknown): value is LastFailure {
  return isRecord(value) && typeof value.lesson === 'string' && typeof value.behaviour === 'string'
    && Number.isInteger(value.shown)
}
