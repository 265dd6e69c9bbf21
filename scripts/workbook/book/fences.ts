import type { Token } from 'markdown-it'
import type { ChangedLine, FileChange } from '../snippet/changes.ts'
import { parseExperiment } from '../experiment/parse.ts'
import { fencesOf, parseFenceInfo, type Fence } from './fence.ts'
import { collectProblems, didYouMean, Problem } from '../problem.ts'
import type { Snapshot } from '../snippet/snapshot.ts'
import { locate, makeSnippet } from '../snippet/snippet.ts'

/** What the fences of a lesson are checked against. */
export interface FenceContext {
  file: string
  bodyLine: number
  snapshot: Snapshot
  changes: readonly FileChange[]
}

/**
 * Reads the fences of a lesson and leaves each one at its token, as `token.meta.fence`.
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
  token: Token, place: { file: string, line: number }, { snapshot, changes }: FenceContext, told: Set<ChangedLine>,
): Fence {
  const info = parseFenceInfo(token.info, place.file, place.line)
  if (info.kind === 'experiment') {
    return { kind: 'experiment', experiment: parseExperiment(info.rest, token.content, place.file, place.line) }
  }
  if (info.kind !== 'snippet') return info
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
