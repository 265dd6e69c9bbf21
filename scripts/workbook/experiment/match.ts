/** What `<name>` has matched so far in one experiment: the same name must match the same text. */
export type Values = Map<string, string>

const NAME_RE = /\\<|<([a-z][a-z0-9-]*)>|…|[ \t]{2,}/g

/**
 * Compares a line a program printed with the line the experiment expects.
 * `<name>` stands for a word that differs from run to run, `…` for anything, two or more blanks for
 * any number of blanks (the columns of `ss` depend on the terminal), `\<` for the sign itself.
 * New names are added to `values` only if the whole line fits.
 */
export function fits(expected: string, printed: string, values: Values): boolean {
  const names: string[] = []
  let source = ''
  let from = 0
  for (const found of expected.trimEnd().matchAll(NAME_RE)) {
    source += escapeRegExp(expected.slice(from, found.index))
    from = found.index + found[0].length
    const name = found[1]
    if (found[0] === '\\<') source += '<'
    else if (found[0] === '…') source += '.*'
    else if (name === undefined) source += '[ \\t]+'
    else if (values.has(name)) source += escapeRegExp(values.get(name) ?? '')
    else if (names.includes(name)) source += `\\${names.indexOf(name) + 1}`
    else {
      names.push(name)
      source += '([^\\s,;()\\[\\]"\']+?)'
    }
  }
  source += escapeRegExp(expected.trimEnd().slice(from))
  const match = new RegExp(`^${source}$`).exec(printed.trimEnd())
  if (!match) return false
  names.forEach((name, index) => values.set(name, match[index + 1] ?? ''))
  return true
}

/** The command of a step with the values known by now in place of their names. */
export function fillIn(command: string, values: Values): string {
  return command.replace(/<([a-z][a-z0-9-]*)>/g, (whole, name: string) => values.get(name) ?? whole)
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
