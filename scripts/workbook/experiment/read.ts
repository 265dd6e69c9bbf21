import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fencesOf, parseFenceInfo } from '../book/fence.ts'
import { createParser } from '../book/markdown.ts'
import { parseExperiment, type Experiment } from './parse.ts'

/** The experiments of one lesson file, without a look at the rest of the book. */
export function readExperiments(root: string, file: string): Experiment[] {
  const source = readFileSync(join(root, file), 'utf8')
  return fencesOf(createParser().parse(source, {}), file)
    .filter(({ token }) => token.info.trim().startsWith('experiment'))
    .map(({ token, place: { line } }) => {
      const info = parseFenceInfo(token.info, file, line)
      return parseExperiment(info.kind === 'experiment' ? info.rest : '', token.content, file, line)
    })
}
