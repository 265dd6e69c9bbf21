import { parseArgs } from 'node:util'
import { didYouMean, Problem } from '../../workbook/problem.ts'
import type { Part } from './part.ts'

export interface Options {
  parts: readonly Part[]
  runs: number
  /** As in Bench. */
  rounds?: number
  /** A file for the findings, or `-` for standard output, where the table then does not go. */
  json: string | undefined
  /** Whether a promise that is not kept is a failure. */
  strict: boolean
}

const USAGE = 'Usage: npm run bench -- [--only WORDS] [--runs N] [--rounds N] [--json FILE|-] [--strict]'

/**
 * Reads the arguments of `npm run bench`.
 * @throws Problem with exit code 2
 */
export function readOptions(argv: readonly string[], all: readonly Part[]): Options {
  const { only, runs, rounds, json, strict } = parse(argv)
  const parts = all.filter(part => part.name.includes(only ?? ''))
  if (parts.length === 0) {
    throw new Problem(`no part has "${only}" in its name`, { exitCode: 2, remedy: didYouMean(only ?? '', all.map(part => part.name)) })
  }
  const number = (option: string, word: string) => {
    if (/^[1-9]\d{0,2}$/.test(word)) return Number(word)
    throw new Problem(`${option} takes a number from 1 to 999, not "${word}"`, { exitCode: 2 })
  }
  return {
    parts, json, strict, runs: number('--runs', runs), ...(rounds !== undefined && { rounds: number('--rounds', rounds) }),
  }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        only: { type: 'string' },
        runs: { type: 'string', default: '5' },
        rounds: { type: 'string' },
        json: { type: 'string' },
        strict: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    throw new Problem((error as Error).message.split('. ')[0] ?? '', { exitCode: 2, remedy: USAGE })
  }
}
