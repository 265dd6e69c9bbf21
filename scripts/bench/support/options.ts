import { parseArgs } from 'node:util'
import { didYouMean, Problem } from '../../workbook/problem.ts'
import type { Part } from './part.ts'

export interface Options {
  parts: readonly Part[]
  runs: number
  /** A file for the findings, or `-` for standard output, where the table then does not go. */
  json: string | undefined
  /** Whether a promise that is not kept is a failure. */
  strict: boolean
}

const USAGE = 'Usage: npm run bench -- [--only WORDS] [--runs N] [--json FILE|-] [--strict]'

/**
 * Reads the arguments of `npm run bench`.
 * @throws Problem with exit code 2
 */
export function readOptions(argv: readonly string[], all: readonly Part[]): Options {
  const { only, runs, json, strict } = parse(argv)
  const parts = all.filter(part => part.name.includes(only ?? ''))
  if (parts.length === 0) {
    throw new Problem(`no part has "${only}" in its name`, { exitCode: 2, remedy: didYouMean(only ?? '', all.map(part => part.name)) })
  }
  if (!/^[1-9]\d{0,2}$/.test(runs)) throw new Problem(`--runs takes a number from 1 to 999, not "${runs}"`, { exitCode: 2 })
  return { parts, runs: Number(runs), json, strict }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        only: { type: 'string' },
        runs: { type: 'string', default: '5' },
        json: { type: 'string' },
        strict: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    throw new Problem((error as Error).message.split('. ')[0] ?? '', { exitCode: 2, remedy: USAGE })
  }
}
