import { posix } from 'node:path'
import { type MarkdownIt } from 'markdown-it'
import { Problem } from '../../scripts/workbook/problem.ts'
import { isLesson, type Text } from '../../scripts/workbook/book/read.ts'
import { codePage, fileAnchor, link, textPage } from '../address.ts'
import { escape } from '../html.ts'
import { envOf, type RenderEnv } from '../site.ts'

const OUTSIDE_RE = /^(https?|mailto):/

/** Links as the Markdown has them, between files, become links between pages. */
export function links(md: MarkdownIt): void {
  md.renderer.rules.link_open = (tokens, index, _options, env) => {
    const href = String(tokens[index]?.attrGet('href') ?? '')
    return OUTSIDE_RE.test(href) ? `<a class="outside" href="${escape(href)}">` : `<a href="${escape(resolve(href, envOf(env)))}">`
  }
}

/**
 * The address of what a text links to, seen from the page that is being made.
 * @throws Problem when that is no text of the book and no file of a program
 */
export function resolve(href: string, env: RenderEnv): string {
  const { lessons, texts } = env.site.workbook
  const { file: from } = env.text
  const [path = '', fragment] = href.split('#')
  const target = path === '' ? from : posix.normalize(posix.join(posix.dirname(from), decodeURI(path)))

  const text = texts.find(other => other.file === target)
  if (text && env.prefix !== '') return `#${fragment === undefined ? chapterId(text) : chapterPrefix(text) + fragment}`
  if (text) return link(env.page, textPage(text), fragment)

  const owner = lessons.find(other => target.startsWith(`${other.snapshot.folder}/`))
  const file = owner && target.slice(owner.snapshot.folder.length + 1)
  if (owner && file !== undefined && owner.snapshot.files.some(other => other.name === file)) {
    const line = /^L(\d+)$/.exec(fragment ?? '')?.[1]
    return link(env.page, codePage(owner), fileAnchor(file, line === undefined ? undefined : Number(line)))
  }
  throw new Problem(`the site has no page for ${target}, to which this text links`, {
    place: { file: from },
    remedy: 'A text links to lessons, to the pages of parts and to the files of programs.',
  })
}

/** The id of a text that shares a page with others: lessons begin with their number, and parts have numbers too. */
export function chapterId(text: Text): string {
  return isLesson(text) ? text.folder : `part-${text.folder}`
}

/** Set before the ids in such a text. */
export function chapterPrefix(text: Text): string {
  return `${chapterId(text)}-`
}
