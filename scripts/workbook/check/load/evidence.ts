import type { Failure, FailureKind } from '../explain/failure.ts'
import type { Load, Span } from './watch.ts'

/**
 * What a failure is worth. `seen`: something wrong, whatever else the machine does. `doubtful`: something wrong
 * was seen that a machine that is too busy can do as well, if rarely. `nothing`: a deadline has passed, and it
 * is the machine's doing as much as the program's.
 */
export type Worth = 'seen' | 'doubtful' | 'nothing'

/** When a story was told, and with how much time. */
export interface Told {
  /** A moment of load.now(). */
  since: number
  /** What the story may take on a machine that does nothing else, in milliseconds. */
  ms: number
  /** How many times as long it was waited for each thing. */
  patience: number
}

/**
 * Weighs a failure against what the machine was busy with meanwhile.
 *
 * That something has not happened in time says something about the program if it had the time: all of it, as far
 * as the story's own deadline goes, or if it has only waited at last, though it could have gone on. A program
 * that sleeps with nothing to do will not do more when the machine is quiet.
 */
export function worthOf({ kind, evidence }: Failure, { since: began, ms, patience }: Told, load: Load): Worth {
  const { certain, since, program } = evidence
  if (certain === true || (certain === undefined && !UNCERTAIN.has(kind))) return 'seen'
  const whole = load.since(began)
  const had = ({ ms, lost }: Span, least: number) => ms - lost >= Math.max(least * NEARLY, ms * MOST)
  if (kind === 'late') return had(whole, ms) ? 'seen' : 'nothing'
  // What has ended says no more.
  if (SAYS.has(kind) && program && !program.running) return 'seen'
  if (whole.lost <= whole.ms * FEW) return 'seen'
  if (certain === 'hardly' || (certain === undefined && DOUBTFUL.has(kind))) return 'doubtful'
  const wait = load.since(Math.max(began, since ?? load.now() - LAST))
  if (had(wait, wait.ms / (since === undefined ? 1 : patience))) return 'seen'
  const still = load.since(Math.max(began, load.now() - LAST))
  const isStill = still.ms >= LAST * NEARLY && still.turns >= TURNS && still.active <= still.ms * SLEEPS
  return isStill ? 'seen' : 'nothing'
}

const DOUBTFUL: ReadonlySet<FailureKind> = new Set(['closed', 'broke'])
const UNCERTAIN: ReadonlySet<FailureKind> = new Set([
  ...DOUBTFUL, 'not-listening', 'runs-on', 'no-line', 'no-connection', 'no-handshake', 'silence', 'stays-open',
  'memory', 'descriptors', 'late',
])
const SAYS: ReadonlySet<FailureKind> = new Set(['no-line', 'not-listening'])

/** How long a program must have slept before it counts as one that does no more. In milliseconds. */
const LAST = 700
/** What part of that time a program may be awake that sleeps. */
const SLEEPS = 0.03
/** What part of its time a story loses on a machine that is quiet. */
const FEW = 0.1
/** How much of a time is the time itself, for a timer that fires late. */
const NEARLY = 0.8
/** Where more than the other half is lost, too much else may have come late that nobody measures. */
const MOST = 0.5
/** How often we must have come round meanwhile: what we owed the program, it has. */
const TURNS = 4
