import MarkdownIt, { type MarkdownIt as Parser, type Token } from 'markdown-it'
import container from 'markdown-it-container'
import { didYouMean, Problem } from '../problem.ts'
import { anchorOf } from '../text.ts'

/** The boxes of the text and what each is for. */
export const CONTAINERS = {
  try: 'do this now',
  checkpoint: 'a question with its answer folded away',
  aside: 'nothing depends on it',
  warning: 'where it bites, with the way out',
  details: 'more of the same, for those who want it',
  given: 'a file that nobody has to type; its title is the file, its text says what it does',
  exercise: 'on your own, with graded hints and a solution',
  hint: 'inside an exercise: the next nudge',
  solution: 'inside an exercise: one way to do it',
} as const

export type ContainerName = keyof typeof CONTAINERS

/** What `token.meta` of an opening `container_<name>_open` token holds. */
export interface ContainerMeta {
  name: ContainerName
  title: string
}

// markdown-it takes an unclosed or unknown box for a paragraph; one that looks like a box is meant as one.
const LOOKS_LIKE_BOX_RE = /^\s*:{3,}/

/**
 * The Markdown of the lessons: boxes (`::: try`), heading anchors as GitHub makes them, straight
 * quotes made round. Parses only: rendering is the site's.
 */
export function createParser(): Parser {
  const md = MarkdownIt({ html: false, typographer: true, quotes: '“”‘’' })
  md.use(container, 'box', { validate: (info: string) => info.trim() !== '' })
  return md
}

/**
 * Parses the body of a lesson.
 * @param bodyLine the line of `file` on which `body` begins, from 1; `token.map` stays relative to the body
 * @throws Problem for a box that is not known or not closed, and for two headings with one anchor
 */
export function parseBody(md: Parser, body: string, file: string, bodyLine: number): Token[] {
  const tokens = md.parse(body, {})
  const lineOf = (token: Token) => bodyLine + (token.map?.[0] ?? 0)
  const open: ContainerName[] = []
  const ends = new Map<number, { name: string, line: number, markup: string }>()
  const lines = body.split('\n')
  for (const token of tokens) {
    if (token.type === 'container_box_open') {
      const [, name = '', title = ''] = /^\s*(\S+)\s*(.*)$/.exec(token.info) ?? []
      if (!(name in CONTAINERS)) {
        throw new Problem(`there is no box "${name}"`, {
          place: { file, line: lineOf(token) },
          remedy: didYouMean(name, Object.keys(CONTAINERS)),
        })
      }
      const end = token.map?.[1] ?? 0
      const closed = lines[end]?.trim() === token.markup
      // Two boxes that end on one line: the parser gave the inner one's end to the outer one.
      const unclosed = closed ? ends.get(end) : { name, line: lineOf(token), markup: token.markup }
      if (unclosed) {
        throw new Problem(`the box "${unclosed.name}" is not closed`, {
          place: { file, line: unclosed.line },
          remedy: `Close it with a line ${unclosed.markup}; a box round another has more colons.`,
        })
      }
      ends.set(end, { name, line: lineOf(token), markup: token.markup })
      open.push(name as ContainerName)
      token.type = `container_${name}_open`
      token.meta = { name, title } satisfies { name: string, title: string }
    } else if (token.type === 'container_box_close') {
      token.type = `container_${open.pop()}_close`
    } else if (token.type === 'inline') {
      const stray = token.content.split('\n').findIndex(line => LOOKS_LIKE_BOX_RE.test(line))
      if (stray >= 0) {
        throw new Problem('this line closes no box', { place: { file, line: lineOf(token) + stray } })
      }
    }
  }
  setAnchors(tokens, file, lineOf)
  return tokens
}

/** A heading of a lesson. */
export interface Heading {
  level: number
  text: string
  anchor: string
  line: number
}

function setAnchors(tokens: readonly Token[], file: string, lineOf: (token: Token) => number): void {
  const seen = new Set<string>()
  tokens.forEach((token, index) => {
    if (token.type !== 'heading_open') return
    const anchor = anchorOf(plainText(tokens[index + 1]))
    if (seen.has(anchor)) {
      throw new Problem(`a second heading makes the link #${anchor}`, { place: { file, line: lineOf(token) }, remedy: 'Word one of them otherwise.' })
    }
    seen.add(anchor)
    token.attrSet('id', anchor)
  })
}

/** The headings of parsed tokens, in order. */
export function headingsOf(tokens: readonly Token[], bodyLine: number): Heading[] {
  return tokens.flatMap((token, index) => token.type === 'heading_open'
    ? [{
        level: Number(token.tag.slice(1)),
        text: plainText(tokens[index + 1]),
        anchor: String(token.attrGet('id')),
        line: bodyLine + (token.map?.[0] ?? 0),
      }]
    : [])
}

/** The words of an inline token, without its marks. */
export function plainText(token: Token | undefined): string {
  return (token?.children ?? [])
    .map(child => child.type === 'softbreak' ? ' ' : child.type === 'image' ? '' : child.content)
    .join('')
}
