import { parseDocument, LineCounter } from 'yaml'
import { z } from 'zod'
import { PARTS } from './parts.ts'
import { didYouMean, Problem, Problems } from '../problem.ts'
import { NOTHING } from './list.ts'
import { splitFrontMatter } from '../text.ts'

/** The tools a lesson may ask for; `npm run doctor` says where to get each. */
export const TOOL_NAMES = ['nc', 'ss', 'lsof', 'strace', 'tcpdump', 'openssl', 'curl'] as const

const SLUG_RE = /^[a-z0-9]+(-[a-z0-9]+)*$/

/**
 * The front matter of a lesson. This one schema validates it, documents it (CONTRIBUTING.md) and
 * feeds editors (.vscode/), both by `npm run sync`.
 */
export const frontMatterSchema = z.strictObject({
  id: z.string().regex(SLUG_RE).describe('The slug, as in the file name. Readers\' progress is kept under it, so it never changes.'),
  title: z.string().min(3).describe('The title, in sentence case.'),
  part: z.enum(PARTS.map(part => part.name)).describe('The part of the course.'),
  summary: z.string().min(10).max(120).describe('One line for the course map: what the reader will know.'),
  minutes: z.int().min(5).max(90).describe('How long it takes with typing, to the nearest five.'),
  needs: z.array(z.enum(TOOL_NAMES)).default([]).describe('The tools that the commands of this lesson use, besides Node.'),
  poke: z.string().optional().describe('What to type in another terminal once the program runs.'),
  from: z.union([z.int().min(1), z.literal(NOTHING)], `it is a lesson's number, or ${NOTHING}`).optional()
    .describe('The lesson whose files the text puts back first, where that is not the one before; `nothing` where the reader begins with an empty folder.'),
  leaves: z.array(z.string()).default([]).describe('Files of the lesson before that end with it: the reader deletes them.'),
  cover: z.string().optional().describe('The experiment that stands on the cover, as a link to it ends; one lesson has it.'),
  gives: z.array(z.string()).default([]).describe('Files of the program that are given whole: commands put them into workspace/, and a box `given` shows them.'),
})

export type FrontMatter = z.infer<typeof frontMatterSchema>

/** The front matter of the page with which a part opens. */
const partSchema = z.strictObject({ title: frontMatterSchema.shape.title, summary: frontMatterSchema.shape.summary })

export type PartFrontMatter = z.infer<typeof partSchema>

/**
 * Reads and checks the front matter of a lesson file.
 * @returns the values, the Markdown after it, and the line on which that starts
 * @throws Problem or Problems naming file and line
 */
export function readFrontMatter(source: string, file: string): Read<FrontMatter> {
  return readWith(frontMatterSchema, source, file)
}

/** The same of the page of a part. @throws Problem or Problems naming file and line */
export function readPartFrontMatter(source: string, file: string): Read<PartFrontMatter> {
  return readWith(partSchema, source, file)
}

interface Read<T> { data: T, body: string, bodyLine: number }

function readWith<T>(schema: z.ZodObject & z.ZodType<T>, source: string, file: string): Read<T> {
  const found = splitFrontMatter(source)
  if (!found) {
    throw new Problem('there is no front matter', {
      place: { file, line: 1 },
      remedy: 'Begin the file with a line ---, the keys, and a line --- (CONTRIBUTING.md lists the keys).',
    })
  }
  const { yaml, body, bodyLine } = found
  const lines = new LineCounter()
  const document = parseDocument(yaml, { lineCounter: lines })
  const broken = document.errors[0]
  if (broken) {
    const { line, col } = lines.linePos(broken.pos[0])
    throw new Problem(`the front matter is not YAML: ${broken.message.split('\n')[0]?.replace(/ at line .*$/, '')}`, {
      place: { file, line: line + 1, column: col },
    })
  }
  const result = schema.safeParse(document.toJS(), { reportInput: true })
  if (!result.success) {
    const known = Object.keys(schema.shape)
    throw asProblem(result.error.issues.flatMap(issue => explain(issue, file, known, key => lineOf(yaml, key))))
  }
  return { data: result.data, body, bodyLine }
}

function asProblem(problems: Problem[]): Problem | Problems {
  const [first, ...rest] = problems
  return first && rest.length === 0 ? first : new Problems(problems)
}

function explain(
  issue: z.core.$ZodIssue, file: string, known: readonly string[], lineOfKey: (key: string) => number,
): Problem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(key => new Problem(`the front matter has no key "${key}"`, {
      place: { file, line: lineOfKey(key) },
      remedy: didYouMean(key, known),
    }))
  }
  const key = String(issue.path[0] ?? '')
  const place = { file, line: lineOfKey(key) }
  if (issue.code === 'invalid_value') {
    const found = String(issue.input)
    return [new Problem(`front matter, ${key}: "${found}" is none of the choices`, {
      place,
      remedy: didYouMean(found, issue.values.map(String)),
    })]
  }
  return [new Problem(`front matter, ${key}: ${issue.message}`, { place })]
}

function lineOf(yaml: string, key: string): number {
  const index = yaml.split('\n').findIndex(line => line.startsWith(`${key}:`))
  return index < 0 ? 1 : index + 2
}
