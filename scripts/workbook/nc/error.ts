import { getSystemErrorMap } from 'node:util'

/** nc(1) ends with exit code 1 and one line; usage errors print the usage after it. */
export class NcError extends Error {
  readonly usage: boolean

  constructor(message: string | undefined, { usage = false } = {}) {
    super(message)
    this.usage = usage
  }
}

// Where Node's words are not those of strerror(3) and gai_strerror(3) in glibc.
const WORDS: Record<string, string> = {
  EHOSTUNREACH: 'No route to host',
  EADDRNOTAVAIL: 'Cannot assign requested address',
  ENOTFOUND: 'Name or service not known',
  EAI_AGAIN: 'Temporary failure in name resolution',
  EAI_ADDRFAMILY: 'Address family for hostname not supported',
}

/** What C calls an error that Node reports: `Connection refused`. */
export function strerror(error: unknown): string {
  const { code = '', errno, message } = error as NodeJS.ErrnoException
  const words = WORDS[code] ?? getSystemErrorMap().get(errno ?? 0)?.[1] ?? message
  return words.charAt(0).toUpperCase() + words.slice(1)
}
