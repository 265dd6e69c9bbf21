/** Starts a program in this very process, as `node file args…` would. */
export function startProgram(file: string, args: readonly string[], words?: {
  /** What to say instead of an error that nothing catches, in one line; undefined for what Node says best. */
  explain?: (error: unknown) => string | undefined
  /** Told a port that the program did not get, when it fails. */
  taken?: (port: number) => void
  /** A module that is to run before the program, in its threads too. */
  preload?: string
}): Promise<void>
