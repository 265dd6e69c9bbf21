import type { Step } from './peer.ts'
import { recipeOf } from './random.ts'
import { PORT } from '../setting.ts'

const WIDTH = 70

/**
 * The shell command that does what a client did: `printf 'Hello\n' | nc -N 127.0.0.1 12345`. Pauses
 * stand where the client waited for an answer, so that the pieces leave one by one. Of an answer that is
 * too long for a terminal only the length is shown.
 */
export function asCommand(steps: readonly Step[], port = PORT): string {
  const parts: string[] = []
  for (const step of steps) {
    if ('sent' in step && step.sent.length > 0) parts.push(printer(step.sent))
    // A wait in front of the first piece, or behind the last, makes no difference.
    else if ('waitedFor' in step && parts.length > 0 && parts.at(-1) !== PAUSE) parts.push(PAUSE)
  }
  if (parts.at(-1) === PAUSE) parts.pop()
  const ends = steps.some(step => 'ended' in step)
  const flag = ends ? '-N ' : ''
  const sent = steps.reduce((sum, step) => sum + ('sent' in step ? step.sent.length : 0), 0)
  const reader = steps.some(step => 'late' in step) ? ' | (sleep 5; wc -c)' : sent > SHOWN ? ' | wc -c' : ''
  const client = `nc ${flag}127.0.0.1 ${port}${ends ? reader : ''}`
  if (parts.length === 0) return flag ? `printf '' | ${client}` : client
  const together = `(${parts.join('; ')})`
  const sender = parts.length === 1 ? parts[0] ?? ''
    : together.length <= WIDTH ? together : `(${parts.join('; ').replaceAll('; printf', '\n printf')})`
  const line = `${sender} | ${client}`
  return line.length <= WIDTH && !line.includes('\n') ? line : `${sender} \\\n  | ${client}`
}

/**
 * A command that prints these bytes. printf(1) of POSIX knows octal escapes and no hexadecimal ones:
 * `\303`, not `\xc3`.
 */
export function printer(bytes: Buffer): string {
  const recipe = recipeOf(bytes)
  if (recipe !== undefined) return recipe
  // A dash in front would be taken for an option.
  return `printf '${[...bytes].map(escaped).join('').replace(/^-/, '\\055')}'`
}

// The workbook's own nc may take most of a second to start, and pieces that wait for it together leave together.
const PAUSE = 'sleep 1'
// In bytes.
const SHOWN = 1000

const ESCAPES: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\', '%': '%%', '\'': '\'\\\'\'' }

function escaped(byte: number): string {
  const letter = String.fromCharCode(byte)
  if (letter in ESCAPES) return ESCAPES[letter] ?? ''
  return byte >= 0x20 && byte < 0x7f ? letter : `\\${byte.toString(8).padStart(3, '0')}`
}
