import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MarkdownIt, Token } from 'markdown-it'
import type { Experiment } from '../experiment/parse.ts'
import { readFences } from './fence.ts'
import { readPartFrontMatter, type PartFrontMatter } from './front-matter.ts'
import { headingsOf, parseBody, type ContainerMeta, type ContainerName, type Heading } from './markdown.ts'
import { PARTS, PARTS_FOLDER, type PartPlan } from './parts.ts'
import { collectProblems, didYouMean, Problem } from '../problem.ts'
import { termsOf, type Term } from './terms.ts'
import { anchorOf } from '../text.ts'

/** The page with which a part opens. Its text is one like a lesson's, without a program. */
export interface PartPage extends PartFrontMatter {
  /** The name of the part. */
  part: string
  /** The number of the part, from 1. */
  number: number
  /** `1-one-connection` */
  folder: string
  /** Relative to the root, `lessons/parts/1-one-connection.md`. */
  file: string
  source: string
  bodyLine: number
  tokens: Token[]
  headings: Heading[]
  experiments: Experiment[]
  terms: Term[]
}

/** What needs no program and no reader's own code. */
const BOXES: readonly ContainerName[] = ['try', 'checkpoint', 'aside', 'warning', 'details']

/** The file of a part's page, relative to the root. */
export function partFile(plan: PartPlan): string {
  return `${PARTS_FOLDER}${nameOf(plan)}.md`
}

/** The part whose page a word on the command line means: `part-4`. */
export function findPart(word: string): PartPlan | undefined {
  const [, number] = /^part-(\d+)$/.exec(word) ?? []
  return PARTS[Number(number) - 1]
}

/**
 * The pages of the parts that have a text, by the part's name.
 * @param begun the parts that have a lesson: each has a file, though its text may be empty
 * @throws Problem or Problems for a file that belongs to no part, one that is missing, and what is wrong in one
 */
export function readPartPages(root: string, begun: ReadonlySet<string>, md: MarkdownIt): Map<string, PartPage> {
  const folder = join(root, PARTS_FOLDER)
  const known = PARTS.map(partFile)
  const there = existsSync(folder) ? readdirSync(folder).map(name => PARTS_FOLDER + name) : []
  const pages = new Map<string, PartPage>()
  collectProblems([
    ...there.filter(file => !known.includes(file)).map(file => () => {
      throw new Problem('no part of the course has a page of this name', { place: { file, line: 1 }, remedy: didYouMean(file, known) })
    }),
    ...PARTS.map(plan => () => {
      const file = partFile(plan)
      if (there.includes(file)) {
        const page = readPage(root, plan, md)
        if (page.tokens.length > 0) pages.set(plan.name, page)
      } else if (begun.has(plan.name)) {
        throw new Problem(`the part "${plan.name}" has no page`, {
          place: { file, line: 1 }, remedy: 'Write it: front matter with a title and a summary. Its text may be empty.',
        })
      }
    }),
  ])
  return pages
}

function readPage(root: string, plan: PartPlan, md: MarkdownIt): PartPage {
  const file = partFile(plan)
  const source = readFileSync(join(root, file), 'utf8')
  const { data, body, bodyLine } = readPartFrontMatter(source, file)
  const tokens = parseBody(md, body, file, bodyLine)
  checkBoxes(tokens, file, bodyLine)
  const fences = readFences(tokens, { file, bodyLine })
  return {
    ...data,
    part: plan.name,
    number: PARTS.indexOf(plan) + 1,
    folder: nameOf(plan),
    file,
    source,
    bodyLine,
    tokens,
    headings: headingsOf(tokens, bodyLine),
    experiments: fences.flatMap(fence => fence.kind === 'experiment' ? fence.experiment : []),
    terms: termsOf(tokens, file, bodyLine),
  }
}

function checkBoxes(tokens: readonly Token[], file: string, bodyLine: number): void {
  const nameIn = ({ meta }: Token) => (meta as unknown as ContainerMeta).name
  const box = tokens.find(token => /^container_\w+_open$/.test(token.type) && !BOXES.includes(nameIn(token)))
  if (!box) return
  throw new Problem(`the page of a part has no box "${nameIn(box)}"`, {
    place: { file, line: bodyLine + (box.map?.[0] ?? 0) },
    remedy: `Put it into a lesson. A part has these: ${BOXES.join(', ')}.`,
  })
}

function nameOf(plan: PartPlan): string {
  return `${PARTS.findIndex(({ name }) => name === plan.name) + 1}-${anchorOf(plan.name)}`
}
