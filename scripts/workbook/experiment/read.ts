import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseFenceInfo } from '../book/fence.ts'
import { createParser } from '../book/markdown.ts'
import { parseExperiment, type Experiment } from './parse.ts'

/** The experiments of one lesson file, without a look at the rest of the book. */
export function readExperiments(root: string, file: string): Experiment[] {
  const source = readFileSync(join(root, file), 'utf8')
  return createParser().parse(source, {})
    .filter(token => token.type === 'fence' && token.info.trim().startsWith('experiment'))
    .map(token => {
      const line = (token.map?.[0] ?? 0) + 1
      const info = parseFenceInfo(token.info, file, line)
      return parseExperiment(info.kind === 'experiment' ? info.rest : '', token.content, file, line)
    })
}
