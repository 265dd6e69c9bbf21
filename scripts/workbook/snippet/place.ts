import { indentOf } from '../text.ts'

const NAMED_RE = /^\s*(?:export )?(?:default )?(?:(?:async )?function\*? ?(\w+)|class (\w+)|interface (\w+)|(?:const|let) (\w+) = (?:async )?(?:\(.*\)|\w+)(?:: .+)? =>.*\{$)/

/**
 * The names of the functions and classes round a line, outermost first. The programs are formatted
 * by rule, so what encloses a line is what stands above it with less indentation; tests compare the
 * result with the TypeScript compiler's own tree.
 * @param line number of the line, from 1
 */
export function enclosing(lines: readonly string[], line: number): string[] {
  const names: string[] = []
  const at = lines[line - 1] ?? ''
  let indent = at.trim() === '' ? Infinity : indentOf(at)
  for (let index = line - 2; index >= 0 && indent > 0; index--) {
    const text = lines[index] ?? ''
    if (text.trim() === '' || indentOf(text) >= indent) continue
    // A line such as `} catch {` closes and opens: what encloses it stands further up, at its own depth.
    indent = /^\s*[)\]}]/.test(text) ? indentOf(text) + 1 : indentOf(text)
    const name = nameIn(text)
    if (name) names.unshift(name)
  }
  return names
}

/** `handleClient()` when the line declares that function, `Peer` for a class. */
export function nameIn(text: string): string | undefined {
  const [, fn, cls, type, arrow] = NAMED_RE.exec(text) ?? []
  if (fn ?? arrow) return `${fn ?? arrow}()`
  return cls ?? type
}

/**
 * Where new lines go, in words: `in handleClient()`, `after startServer()`, `at the top`, `at the end`.
 * @param first number of the first line, from 1
 * @param last number of the last line
 */
export function placeOf(lines: readonly string[], first: number, last: number): string {
  const inside = commonPrefix(enclosing(lines, first), enclosing(lines, last))
  const declared = nameIn(lines[first - 1] ?? '')
  const name = inside.at(-1)
  if (name && !(declared === name)) return `in ${name}`
  const sibling = nameBefore(lines, first)
  if (sibling) return lines.slice(last).every(text => text.trim() === '') ? 'at the end' : `after ${sibling}`
  return first <= 1 || lines.slice(0, first - 1).every(text => text.trim() === '' || text.startsWith('import '))
    ? 'at the top'
    : lines.slice(last).every(text => text.trim() === '') ? 'at the end' : 'at the top level'
}

function nameBefore(lines: readonly string[], first: number): string | undefined {
  for (let index = first - 2; index >= 0; index--) {
    const text = lines[index] ?? ''
    if (indentOf(text) === 0) {
      const name = nameIn(text)
      if (name) return name
    }
  }
  return undefined
}

function commonPrefix(a: readonly string[], b: readonly string[]): string[] {
  const end = a.findIndex((name, index) => name !== b[index])
  return a.slice(0, end < 0 ? a.length : end)
}
