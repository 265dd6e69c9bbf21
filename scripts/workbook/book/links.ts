import { existsSync, statSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import type { Token } from 'markdown-it'
import { PARTS_FOLDER } from './parts.ts'
import { didYouMean, Problem } from '../problem.ts'
import type { Lesson, Text, Workbook } from './read.ts'

/** A link or picture of a text that points into the project. */
export interface InnerLink {
  href: string
  line: number
  /** The file it points to, relative to the root. */
  target: string
  fragment: string | undefined
}

const OUTSIDE_RE = /^(https?:|mailto:)/

/** The links of a text that point into the project. */
export function innerLinks(tokens: readonly Token[], file: string, bodyLine: number): InnerLink[] {
  return tokens.flatMap(token => (token.children ?? []).flatMap(child => {
    const href = child.attrGet(child.type === 'image' ? 'src' : 'href')
    if (href === null || OUTSIDE_RE.test(String(href))) return []
    const [path = '', fragment] = String(href).split('#')
    const lines = token.content.split('\n')
    const offset = Math.max(0, lines.findIndex(text => text.includes(`(${href})`)))
    return [{
      href: String(href),
      line: bodyLine + (token.map?.[0] ?? 0) + offset,
      target: path === '' ? file : posix.normalize(posix.join(dirname(file), path)),
      fragment,
    }]
  }))
}

/**
 * Promise 6: a link points to a file that is there, and to a heading, term or line that is in it.
 * @throws Problem with the nearest name
 */
export function checkLink(link: InnerLink, from: Text, { root, texts, lessons }: Omit<Workbook, 'terms'>): void {
  const place = { file: from.file, line: link.line }
  const text = texts.find(other => other.file === link.target)
  if (text) {
    const anchors = [
      ...text.headings.map(heading => heading.anchor),
      ...text.terms.map(term => term.anchor),
      ...text.experiments.map(experiment => experiment.slug),
    ]
    if (link.fragment !== undefined && !anchors.includes(link.fragment)) {
      throw new Problem(`${link.target} has no "#${link.fragment}"`, { place, remedy: didYouMean(link.fragment, anchors) })
    }
    return
  }
  const path = join(root, link.target)
  if (!existsSync(path) || !statSync(path).isFile()) {
    const known = [...texts.map(other => other.file), ...lessons.flatMap(codeFiles)]
    throw new Problem(`the link ${link.href} points to nothing`, { place, remedy: didYouMean(link.target, known) })
  }
  if (link.target.startsWith(PARTS_FOLDER)) {
    throw new Problem(`${link.target} has no text yet, and so no page`, { place, remedy: 'Write it, or link to a lesson.' })
  }
  const source = lessons.flatMap(other => other.snapshot.files.map(file => ({ path: `${other.snapshot.folder}/${file.name}`, file })))
    .find(other => other.path === link.target)
  if (source && link.fragment !== undefined) {
    const line = Number(/^L(\d+)$/.exec(link.fragment)?.[1])
    if (!(line >= 1 && line <= source.file.lines.length)) {
      throw new Problem(`${link.target} has no line "#${link.fragment}"`, {
        place,
        remedy: `Its lines are #L1 to #L${source.file.lines.length}.`,
      })
    }
  }
}

function codeFiles(lesson: Lesson): string[] {
  return lesson.snapshot.files.map(file => `${lesson.snapshot.folder}/${file.name}`)
}
