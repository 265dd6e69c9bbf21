import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MarkdownIt, Token } from 'markdown-it'
import { readPartFrontMatter, type PartFrontMatter } from './front-matter.ts'
import { headingsOf, parseBody, type Heading } from './markdown.ts'
import { PARTS, type PartPlan } from './parts.ts'
import { collectProblems, didYouMean, Problem } from '../problem.ts'
import { anchorOf } from '../text.ts'

/** The page with which a part opens. */
export interface PartPage extends PartFrontMatter {
  /** Relative to the root, `lessons/parts/1-one-connection.md`. */
  file: string
  bodyLine: number
  tokens: Token[]
  headings: Heading[]
}

/** The file of a part's page, relative to the root. */
export function partFile({ name }: PartPlan): string {
  return `lessons/parts/${PARTS.findIndex(part => part.name === name) + 1}-${anchorOf(name)}.md`
}

/**
 * The pages of the parts, by the part's name.
 * @param begun the parts that have a lesson: each has a page, though its text may be empty
 * @throws Problem or Problems for a file that belongs to no part, one that is missing, and what is wrong in one
 */
export function readPartPages(root: string, begun: ReadonlySet<string>, md: MarkdownIt): Map<string, PartPage> {
  const folder = join(root, 'lessons/parts')
  const known = PARTS.map(partFile)
  const there = existsSync(folder) ? readdirSync(folder).map(name => `lessons/parts/${name}`) : []
  const pages = new Map<string, PartPage>()
  collectProblems([
    ...there.filter(file => !known.includes(file)).map(file => () => {
      throw new Problem('no part of the course has a page of this name', { place: { file, line: 1 }, remedy: didYouMean(file, known) })
    }),
    ...PARTS.map(plan => () => {
      const file = partFile(plan)
      if (there.includes(file)) pages.set(plan.name, readPage(root, file, md))
      else if (begun.has(plan.name)) {
        throw new Problem(`the part "${plan.name}" has no page`, {
          place: { file, line: 1 }, remedy: 'Write it: front matter with a title and a summary. Its text may be empty.',
        })
      }
    }),
  ])
  return pages
}

function readPage(root: string, file: string, md: MarkdownIt): PartPage {
  const { data, body, bodyLine } = readPartFrontMatter(readFileSync(join(root, file), 'utf8'), file)
  const tokens = parseBody(md, body, file, bodyLine)
  if (tokens.length > 0) {
    throw new Problem('the site has no page for the text of a part yet', {
      place: { file, line: bodyLine }, remedy: 'Leave it empty until there is one.',
    })
  }
  return { ...data, file, bodyLine, tokens, headings: headingsOf(tokens, bodyLine) }
}
