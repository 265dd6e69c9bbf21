import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { BEHAVIOURS } from './workbook/behaviours/all.ts'
import { behavioursOf, prove } from './workbook/behaviours/run.ts'
import type { Verdict } from './workbook/behaviours/verdict.ts'
import { isListening } from './workbook/listening.ts'
import { findLesson, listLessons } from './workbook/lesson-list.ts'
import { Problem } from './workbook/problem.ts'
import { PROJECT_ROOT } from './workbook/run-program.ts'

/**
 * `npm run check 6`: tells the behaviours of a lesson to a program.
 * `--of FOLDER` says whose (workspace/ unless given), `--json` one object a line, `--bail` stops at
 * the first that does not hold.
 * @returns 0 when all hold, 1 when one does not
 */
export async function main(argv: string[], { root = PROJECT_ROOT } = {}): Promise<number> {
  const { values, positionals } = parse(argv)
  const lesson = findLesson(listLessons(root), positionals[0] ?? '')
  const folder = resolve(root, values.of)
  if (await isListening(12345)) {
    throw new Problem('port 12345 is taken, and the programs of this lesson need it', { remedy: 'Stop the program that has it; npm run doctor says which.' })
  }
  const seed = Number(values.seed ?? Date.now() % 1_000_000)
  let failed = 0
  for (const behaviour of behavioursOf(lesson.number, BEHAVIOURS)) {
    const verdict = await prove(behaviour, folder, seed)
    if (verdict.status === 'failed') failed++
    console.log(values.json ? asJson(verdict) : asLine(verdict))
    if (failed > 0 && values.bail) break
  }
  return failed === 0 ? 0 : 1
}

function parse(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      allowPositionals: true,
      options: { of: { type: 'string', default: 'workspace' }, json: { type: 'boolean', default: false },
        bail: { type: 'boolean', default: false }, seed: { type: 'string' } },
    })
  } catch (error) {
    throw new Problem((error as Error).message, { exitCode: 2, remedy: 'Use: npm run check 6.' })
  }
}

function asJson({ id, title, status, reason, seed }: Verdict): string {
  return JSON.stringify({ id, title, status, reason, seed })
}

function asLine({ title, status, reason, seed }: Verdict): string {
  const sign = { held: '✓', failed: '✗', 'not proved': '-', 'not run': '-' }[status]
  return reason === undefined ? `${sign} ${title}` : `${sign} ${title}\n  ${reason} (seed ${seed})`
}
