import { basename } from 'node:path'
import { sourceOf, type Situation } from './situation.ts'

/** The number of the line in which an expression is found, from 1. */
export function lineOf(source: string, expression: RegExp): number | undefined {
  const at = source.search(expression)
  return at < 0 ? undefined : source.slice(0, at).split('\n').length
}

/** Whether an error was printed with where it came from. */
export function hasStack(errors = ''): boolean {
  return /^ {4}at /m.test(errors)
}

/** Whether an error ended the program: Node says its version then, and not when the program prints an error. */
export function isUncaught(errors = ''): boolean {
  return hasStack(errors) && /^Node\.js v\d/m.test(errors)
}

/** How an error came to Node, of which no line of the program is on the stack. */
export function wayOf(situation: Situation): string {
  const errors = situation.program?.errors ?? ''
  const [, emitter] = /^Emitted 'error' event on (\w+)/m.exec(errors) ?? []
  if (emitter !== undefined) return `It came as an event of the ${emitter}, and nobody listens for it`
  const [, code] = /^ {2}code: '(\w+)'/m.exec(errors) ?? []
  const source = sourceOf(situation)
  // What the program has words for was not caught, or the words would have been printed.
  return code !== undefined && !new RegExp(`\\b${code}\\b`).test(source) && /\bcatch \((\w+)\)[^]*\bthrow \1\b/.test(source)
    ? `Your catch has thrown it on: it has no words for ${code}`
    : 'It was thrown where nothing catches it: outside of a try, or in a promise that nobody awaits'
}

/** The message of what was not caught, and the first line on its stack that is the reader's. */
export function crashOf(situation: Situation): { message: string, place?: string } {
  const { program, setting } = situation
  const errors = program?.errors ?? ''
  const [message = 'an error'] = /^(?:Uncaught )?\S*(?:Error|Exception)\b.*$/m.exec(errors) ?? []
  const own = errors.split('\n').find(line => /^ {4}at /.test(line) && line.includes(setting.folder) && !line.includes('node_modules'))
  const [, path = '', line] = /((?:\/|[A-Za-z]:\\)[^():]+):(\d+):\d+\)?$/.exec(own ?? '') ?? []
  if (line !== undefined) return { message, place: `${basename(path)}:${line}` }
  // An error in the form of the program has no stack of it, but Node prints the place first.
  const [, file, at] = /^(?:file:\/\/)?(\/[^\n]+\.ts):(\d+)\n/.exec(errors) ?? []
  return file !== undefined && sourceOf(situation) !== '' ? { message, place: `${basename(file)}:${at}` } : { message }
}
