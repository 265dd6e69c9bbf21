import type { Program } from './program.ts'

/** What a failed check can show besides its sentence. */
export interface Evidence {
  /** The bytes that should have come. */
  expected?: Buffer
  /** The bytes that came. */
  received?: Buffer
  /** A shell command with which the reader sees the same. */
  byHand?: string
  /** The program whose output belongs to it. */
  program?: Program
}

/** A behaviour did not hold. The message is one sentence to the reader, without a full stop. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly evidence: Evidence

  constructor(message: string, evidence: Evidence = {}) {
    super(message)
    this.evidence = evidence
  }
}
