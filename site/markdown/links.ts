import { posix } from 'node:path'
import { type MarkdownIt } from 'markdown-it'
import { Problem } from '../../scripts/workbook/problem.ts'
import { codePage, fileAnchor, lessonPage, link } from '../address.ts'
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
 * The address of what a lesson links to, seen from the page that is being made.
 * @throws Problem when that is no lesson and no file of a program
 */
export function resolve(href: string, env: RenderEnv): string {
  const { lessons } = env.site.workbook
  const [path = '', fragment] = href.split('#')
  const target = path === '' ? env.lesson.file : posix.normalize(posix.join(posix.dirname(env.lesson.file), decodeURI(path)))

  const lesson = lessons.find(other => other.file === target)
  if (lesson && env.prefix !== '') return `#${lessonPrefix(lesson)}${fragment ?? ''}`.replace(/-$/, '')
  if (lesson) return link(env.page, lessonPage(lesson), fragment)

  const owner = lessons.find(other => target.startsWith(`${other.snapshot.folder}/`))
  const file = owner && target.slice(owner.snapshot.folder.length + 1)
  if (owner && file !== undefined && owner.snapshot.files.some(other => other.name === file)) {
    const line = /^L(\d+)$/.exec(fragment ?? '')?.[1]
    return link(env.page, codePage(owner), fileAnchor(file, line === undefined ? undefined : Number(line)))
  }
  throw new Problem(`the site has no page for ${target}, to which this lesson links`, {
    place: { file: env.lesson.file },
    remedy: 'A lesson links to lessons and to the files of their programs.',
  })
}

/** Set before the ids of a lesson that shares a page with others; without its last sign, the id of the lesson. */
export function lessonPrefix(lesson: { folder: string }): string {
  return `${lesson.folder}-`
}
