import type { Token } from 'markdown-it'
import { parseExperiment, type Experiment } from '../experiment/parse.ts'
import { collectProblems, didYouMean, Problem } from '../problem.ts'
import type { ChangedLine, FileChange } from '../snippet/changes.ts'
import type { Snapshot } from '../snippet/snapshot.ts'
import { locate, makeSnippet, type Snippet } from '../snippet/snippet.ts'

/** What a fence of a text is; the workbook puts it into the token's `meta.fence`. */
export type Fence
  = | { kind: 'snippet', lang: string, file: string, snippet: Snippet }
  | { kind: 'sketch', lang: string }
  | { kind: 'experiment', experiment: Experiment }
  | { kind: 'plain', lang: string }

/** The first line of a fence, taken apart. */
export type FenceInfo
  = | { kind: 'snippet', lang: string, file: string }
  | { kind: 'sketch', lang: string }
  | { kind: 'experiment', rest: string }
  | { kind: 'plain', lang: string }

/**
 * The fences among the tokens of a text, in order, each with its place.
 * @param firstLine the line of the file on which that text begins
 */
export function fencesOf(
  tokens: readonly Token[], file: string, firstLine = 1,
): { token: Token, place: { file: string, line: number } }[] {
  return tokens.filter(token => token.type === 'fence')
    .map(token => ({ token, place: { file, line: firstLine + (token.map?.[0] ?? 0) } }))
}

/** Languages of code that must be the program's own, or marked as a sketch. */
const PROGRAM_LANGUAGES = ['ts', 'js', 'json', 'sql']
/** Languages that show something else: commands to type once, and drawings in characters. */
const PLAIN_LANGUAGES = ['sh', 'text']
const LANGUAGES = ['experiment', ...PROGRAM_LANGUAGES, ...PLAIN_LANGUAGES]

const FILE_RE = /^[\w./-]+\.\w+$/

/**
 * Reads what stands behind the three backticks.
 * @throws Problem for a language or attribute that is not known
 */
export function parseFenceInfo(info: string, file: string, line: number): FenceInfo {
  const [lang = '', ...words] = info.trim().split(/\s+/)
  const place = { file, line }
  if (!LANGUAGES.includes(lang)) {
    throw new Problem(lang === '' ? 'this fence names no language' : `a fence has no language "${lang}"`, {
      place,
      remedy: didYouMean(lang, LANGUAGES),
    })
  }
  if (lang === 'experiment') return { kind: 'experiment', rest: info.trim().slice('experiment'.length) }
  if (PLAIN_LANGUAGES.includes(lang)) {
    if (words.length > 0) throw new Problem(`a fence in ${lang} takes no attribute "${words.join(' ')}"`, { place })
    return { kind: 'plain', lang }
  }
  const [word, more] = words
  if (word === undefined) {
    throw new Problem(`this ${lang} fence names no file`, {
      place,
      remedy: `Name the file of the program that it shows (\`\`\`${lang} server.ts), or mark it: \`\`\`${lang} sketch.`,
    })
  }
  if (more !== undefined) throw new Problem(`a fence takes no attribute "${more}"`, { place })
  if (word === 'sketch') return { kind: 'sketch', lang }
  if (!FILE_RE.test(word)) {
    throw new Problem(`a fence takes no attribute "${word}"`, { place, remedy: didYouMean(word, ['sketch', 'server.ts']) })
  }
  return { kind: 'snippet', lang, file: word }
}

/** What the fences of a text are checked against. */
export interface FenceContext {
  file: string
  bodyLine: number
  /** What a lesson has and the page of a part has not. */
  program?: { snapshot: Snapshot, changes: readonly FileChange[] }
}

/**
 * Reads the fences of a text and leaves each one at its token, as `token.meta.fence`.
 * @throws Problem or Problems for a fence that is not as the program is, or not written as it should be
 */
export function readFences(tokens: readonly Token[], context: FenceContext): Fence[] {
  const fences: Fence[] = []
  const told = new Set<ChangedLine>()
  collectProblems([
    ...tokens.filter(token => token.type === 'code_block').map(token => () => {
      throw new Problem('this code is indented instead of fenced', {
        place: { file: context.file, line: context.bodyLine + (token.map?.[0] ?? 0) },
        remedy: 'Put it between two lines of three backticks.',
      })
    }),
    ...fencesOf(tokens, context.file, context.bodyLine).map(({ token, place }) => () => {
      const fence = readFence(token, place, context, told)
      token.meta = { fence }
      fences.push(fence)
    }),
  ])
  return fences
}

function readFence(
  token: Token, place: { file: string, line: number }, { program }: FenceContext, told: Set<ChangedLine>,
): Fence {
  const info = parseFenceInfo(token.info, place.file, place.line)
  if (info.kind === 'experiment') {
    return { kind: 'experiment', experiment: parseExperiment(info.rest, token.content, place.file, place.line) }
  }
  if (info.kind !== 'snippet') return info
  if (!program) {
    throw new Problem(`the page of a part has no program, and so no file ${info.file}`, {
      place, remedy: `Show it in a lesson, or mark it as a sketch: \`\`\`${info.lang} sketch.`,
    })
  }
  const { snapshot, changes } = program
  const source = snapshot.files.find(file => file.name === info.file)
  const change = changes.find(file => file.name === info.file)
  if (!source || !change) {
    throw new Problem(`${snapshot.folder}/ has no file ${info.file}`, {
      place,
      remedy: didYouMean(info.file, snapshot.files.map(file => file.name)),
    })
  }
  const runs = locate(token.content, source, change, place)
  return { kind: 'snippet', lang: info.lang, file: info.file, snippet: makeSnippet(token.content, runs, source, change, told) }
}
