import { isLesson, type Lesson, type Text, type Workbook } from '../scripts/workbook/book/read.ts'
import type { Assets } from './assets/assets.ts'
import type { Figures } from './markdown/read-figures.ts'
import type { Highlighter } from './highlight/highlighter.ts'
import type { Remember } from './build/memory.ts'

/** What the checker tries in a lesson. */
export interface Tried {
  /** What is new in it, in the checker's words. */
  own: readonly string[]
  /** How many promises of earlier lessons still hold. */
  earlier: number
}

/** What every page is made from. */
export interface Site {
  workbook: Workbook
  highlighter: Highlighter
  figures: Figures
  assets: Assets
  /** What the checker tries, by the lesson's number. */
  tried: ReadonlyMap<number, Tried>
  remember: Remember
}

/** A page of the site, with the path at which it stands. */
export interface Page {
  path: string
  text: string
}

/** What the renderer of the book's Markdown knows, besides the tokens. */
export type RenderEnv = {
  site: Site
  /** The text that the tokens are from. */
  text: Text
  /** The path of the page that the text stands on: links are relative to it. */
  page: string
  /** Set before every id, where several texts share a page. */
  prefix: string
  /** Added to the level of each heading, where the text's own title is not the page's. */
  lower: number
}

/** markdown-it hands its rules whatever it was given; here it is always a `RenderEnv`. */
export function envOf(env: unknown): RenderEnv {
  return env as RenderEnv
}

/** The lesson whose program a piece of the text shows. */
export function lessonOf({ text }: RenderEnv): Lesson {
  if (isLesson(text)) return text
  throw new Error(`${text.file} has no program`)
}
