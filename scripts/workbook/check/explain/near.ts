import { distance } from 'fastest-levenshtein'
import type { Situation } from './situation.ts'

/** The printed line that is nearest to the one that was wanted, if it can have been meant. */
export function nearestLine({ kind, program, wanted }: Situation): string | undefined {
  if (kind !== 'no-line' || wanted === undefined || !program) return undefined
  const others = program.output.seen.slice(-MANY).filter(line => line !== wanted)
  const nearest = others.reduce<string | undefined>((best, line) =>
    best === undefined || distance(line, wanted) < distance(best, wanted) ? line : best, undefined)
  if (nearest === undefined) return undefined
  // An object that is printed as such is longer than what it stands for.
  return distance(nearest, wanted) <= Math.max(4, wanted.length / 2) || /<Buffer |\[object /.test(nearest) ? nearest : undefined
}

/** What a program has printed that has printed little: nothing of it need be near to what was wanted. */
export function onlyLine({ kind, program, wanted }: Situation): string | undefined {
  if (kind !== 'no-line' || wanted === undefined || !program || program.output.seen.length > FEW) return undefined
  return program.output.seen.findLast(line => line.trim() !== '' && line !== wanted && !line.startsWith('Starting server'))
}

// A line of a server that prints a million is not worth finding.
const MANY = 200
const FEW = 5
