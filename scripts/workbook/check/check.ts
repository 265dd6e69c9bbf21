import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isListening } from '../machine/listening.ts'
import { hintsFor } from './report/hints-for.ts'
import type { LessonEntry } from '../book/list.ts'
import { PROJECT_ROOT } from '../project.ts'
import type { Behaviour } from './behaviour.ts'
import { roomOf, type Content } from './lesson.ts'
import { readPrograms, type Programs } from './program/bundle.ts'
import { Guardian } from './program/guardian.ts'
import { lockChecks } from '../machine/lock.ts'
import { expectProgram } from './program/expect-files.ts'
import { portTaken } from '../machine/port.ts'
import { load } from './load/watch.ts'
import { lanesFor, runAll } from './run/run.ts'
import { PORT, type Setting } from './setting.ts'
import type { CheckResult, Verdict } from './report/verdict.ts'
import { Workshop } from './run/kept.ts'

/** What to check, and how. */
export interface CheckOptions {
  /** The folder that holds package.json. */
  root: string
  /** As findLesson() gives it. */
  lesson: LessonEntry
  /** What is promised in the lessons, and how it is told. */
  content: Content
  /** Absolute path of the folder with the program: `server.ts` and what the lesson adds to it. */
  folder: string
  /** Ends the check early: everything that it started is gone when the promise rejects with the reason. */
  signal?: AbortSignal
  /** For the random numbers; one that differs from run to run unless given. */
  seed?: number
  /** Goes on after the first behaviour that fails. */
  all?: boolean
  /** How many times as long as usual to wait; at the least; unless given it follows from how busy the machine is. */
  patience?: number
  /** Told instead of the lesson's behaviours: those of an exercise. */
  behaviours?: readonly Behaviour[]
  /** What earlier checks have left, and what this one leaves; one of its own unless given. */
  workshop?: Workshop
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
  const { root, lesson, content, folder, signal, seed = Date.now() % 1_000_000 } = options
  signal?.throwIfAborted()
  expectProgram(folder, root, lesson.number)
  const unlock = await lockChecks(lesson.number)
  const workshop = options.workshop ?? openWorkshop(content)
  const room = roomOf(content, lesson)
  const behaviours = options.behaviours ?? room.behaviours
  workshop.prepare(lanesFor(behaviours))
  const guardian = new Guardian()
  let programs: Programs | undefined
  load.start()
  try {
    programs = await readPrograms(folder, root)
    const patience = options.patience ?? load.patience
    const { facts } = room
    const papers = facts.findsPapers ? await workshop.papers(facts.papers) : undefined
    const setting: Setting = {
      root, folder, seed, patience, lesson: lesson.number, facts, home: PROJECT_ROOT, scratch: programs.outdir,
      ...(papers !== undefined && { papers }),
      problems: Object.fromEntries(Object.entries(programs.problems).map(([file, problem]) => [file, String(problem).replace(/\.$/, '')])),
    }
    for (const port of new Set([PORT, ...behaviours.flatMap(({ port }) => port ?? [])])) {
      if (await isListening(port)) throw await portTaken(port)
    }
    const verdicts: Verdict[] = []
    const onVerdict = (bare: Verdict) => {
      const verdict = withHints(bare, content, root, lesson)
      verdicts.push(verdict)
      options.onVerdict?.(verdict)
    }
    await runAll(behaviours, setting, { ...options, lesson: room, onVerdict, guardian, workshop })
    const failure = verdicts.find(verdict => verdict.status === 'failed')
    return {
      lesson: { id: lesson.slug, number: lesson.number },
      folder,
      seed,
      verdicts,
      passed: failure === undefined && verdicts.some(verdict => verdict.status === 'held'),
      complete: !verdicts.some(({ busy }) => busy),
      ...(failure && { failure }),
    }
  } finally {
    load.stop()
    guardian.dismiss()
    if (options.workshop) workshop.prepare(lanesFor(behaviours))
    else await workshop.close()
    unlock()
    programs?.remove()
  }
}

/**
 * A workshop for the checks of this process.
 * @param papers a folder in which several of them keep the papers that they have made; one of its own unless given
 */
export function openWorkshop({ lane }: Content, papers?: string): Workshop {
  return new Workshop(PROJECT_ROOT, lane, TSX, papers)
}

function withHints(verdict: Verdict, content: Content, root: string, lesson: LessonEntry): Verdict {
  if (verdict.status !== 'failed') return verdict
  const hints = hintsFor(content, root, lesson, { behaviour: verdict.id, diagnosis: verdict.diagnosis?.id })
  return hints.length > 0 ? { ...verdict, hints } : verdict
}

const TSX = pathToFileURL(createRequire(join(PROJECT_ROOT, 'package.json')).resolve('tsx')).href
