import { isListening } from '../listening.ts'
import type { LessonEntry } from '../lesson-list.ts'
import { describeHolder, findPortHolder } from '../port-holder.ts'
import { Problem } from '../problem.ts'
import { BEHAVIOURS } from './all.ts'
import { behavioursOf, PORT, prove } from './run.ts'
import type { CheckResult, Verdict } from './verdict.ts'

/** What to check, and how. */
export interface CheckOptions {
  /** The folder that holds package.json. */
  root: string
  /** As findLesson() gives it. */
  lesson: LessonEntry
  /** Absolute path of the folder with the program: `server.ts` and what the lesson adds to it. */
  folder: string
  /** Ends the check early: everything that it started is gone when the promise rejects with the reason. */
  signal?: AbortSignal
  /** For the random numbers; one that differs from run to run unless given. */
  seed?: number
  /** Goes on after the first behaviour that fails. */
  all?: boolean
  /** Told each verdict as soon as it is certain, in the order of the result. */
  onVerdict?: (verdict: Verdict) => void
}

/**
 * Tells the behaviours of a lesson to the program in a folder. Nothing that is started survives the
 * promise, whether it resolves or rejects.
 * @throws Problem when there is nothing to check: no program, or the port is taken
 * @throws the reason of `signal` when that is aborted
 */
export async function checkProgram(options: CheckOptions): Promise<CheckResult> {
  const { lesson, folder, signal, onVerdict, all = false, seed = Date.now() % 1_000_000 } = options
  signal?.throwIfAborted()
  if (await isListening(PORT)) throw await portTaken()
  const verdicts: Verdict[] = []
  let failure: Verdict | undefined
  for (const behaviour of behavioursOf(lesson.number, BEHAVIOURS)) {
    signal?.throwIfAborted()
    const verdict = failure && !all
      ? { id: behaviour.id, title: behaviour.title, status: 'not run' as const, seed }
      : await prove(behaviour, folder, seed)
    verdicts.push(verdict)
    onVerdict?.(verdict)
    if (verdict.status === 'failed') failure ??= verdict
  }
  return {
    lesson: { id: lesson.slug, number: lesson.number },
    folder,
    seed,
    verdicts,
    passed: failure === undefined && verdicts.some(verdict => verdict.status === 'held'),
    ...(failure && { failure }),
  }
}

async function portTaken(): Promise<Problem> {
  const holder = await findPortHolder(PORT)
  return new Problem(`port ${PORT} is taken, and the program of this lesson needs it`, {
    remedy: holder ? describeHolder(PORT, holder) : 'Stop the program that has it; npm run doctor says which.',
  })
}
