import type { Peer } from '../client/peer.ts'
import type { Program } from '../program/program.ts'

/** In what way a behaviour did not hold; diagnoses tell mistakes apart by it. */
export type FailureKind
  /** There is no such file. */
  = 'no-file'
  /** It is not TypeScript, or imports what is not there: see readPrograms(). */
  | 'no-program'
  /** The program runs and does not listen where it should. */
  | 'not-listening'
  /** The program ended, and should run. */
  | 'ended'
  /** The server had ended before the story began, after others had been told to it. */
  | 'died'
  /** The program runs, and should have ended. */
  | 'runs-on'
  /** It ended with another exit code, or its standard error is not the one line it should be. */
  | 'ended-otherwise'
  /** A line was not printed. */
  | 'no-line'
  /** It should have warned, and has not. */
  | 'no-warning'
  /** Bytes of the program's output are not as they should be. */
  | 'output'
  /** Nobody took the connection. */
  | 'no-connection'
  /** Somebody took the connection, and did not speak TLS, or not with us. */
  | 'no-handshake'
  /** The other side said nothing, or nothing more. */
  | 'silence'
  /** The other side ended its side before all had come. */
  | 'closed'
  /** The connection broke. */
  | 'broke'
  /** Other bytes came. */
  | 'differs'
  /** The other side did not end its side. */
  | 'stays-open'
  /** The memory of the program grows with what it should not keep. */
  | 'memory'
  /** The program holds on to what its clients needed. */
  | 'descriptors'
  /** The story went on and on. */
  | 'late'
  /** Anything else, which the sentence tells. */
  | 'other'

/** What a failed story can show besides its sentence. */
export interface Evidence {
  /** The program whose behaviour it is; the first that the story started unless given. */
  program?: Program
  /** The connection on which it was seen; the story's last unless given. */
  peer?: Peer
  /** The bytes that should have come. */
  expected?: Buffer
  /** The bytes that came. */
  received?: Buffer
  /** The line that should have been printed, as the reader would see it. */
  wanted?: string
  /** Where the program should have listened; the host only where one address alone will do. */
  place?: { host?: string, port: number }
  /** The signal that the program did not obey. */
  signal?: NodeJS.Signals
  /** Shell commands with which the reader sees the same, one for each terminal. */
  byHand?: readonly string[]
  /**
   * Whether it is wrong on any machine (true), or may happen to a right program where others need the processor
   * (false), or hardly, and not each time. Unless given its kind says so: see worthOf().
   */
  certain?: boolean | 'hardly'
  /** When the wait began that was in vain, as performance.now() says it. */
  since?: number
}

/** A story could not be told here. The message says why, in one sentence without a full stop. */
export class Unproved extends Error {
  override readonly name: string = 'Unproved'
}

/** Nothing was seen, neither right nor wrong, because others needed the processor: it is told again. */
export class TooBusy extends Unproved {
  override readonly name = 'TooBusy'

  constructor() {
    super(TOO_BUSY)
  }
}

export const TOO_BUSY = 'this machine is too busy'

/** A behaviour did not hold. The message is one sentence to the reader, without a full stop. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly kind: FailureKind
  readonly evidence: Evidence

  constructor(kind: FailureKind, message: string, evidence: Evidence = {}) {
    super(message)
    this.kind = kind
    this.evidence = evidence
  }
}
