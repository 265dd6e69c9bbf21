import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { bytes } from './bytes.ts'
import { ends } from './ends.ts'
import { life } from './life.ts'
import { place } from './place.ts'
import { talk } from './talk.ts'
import { toStdout, words } from './words.ts'
import { writing } from './writing.ts'

/** The mistakes that may be made in any lesson, in the order in which they are looked for. */
export const shared: readonly Mistake[] = [
  ...[...writing, toStdout].map(mistake => ({ ...mistake, rank: 'language' as const })),
  ...[...ends, ...life, ...place, ...bytes, ...talk, ...words].map(mistake => ({ ...mistake, rank: 'general' as const })),
]
