/** A piece of HTML that is already safe to stand in a page. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  toString(): string {
    return this.text
  }
}

type Value = Html | string | number | false | null | undefined | readonly Value[]

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Text as HTML: what was written is what is read. */
export function escape(text: string): string {
  // Most texts hold nothing to escape, and there are a hundred thousand of them in a book.
  return /[&<>"]/.test(text) ? text.replace(/[&<>"]/g, character => ESCAPES[character] ?? character) : text
}

/** Marks text as HTML that another part of the site has made. */
export function raw(text: string): Html {
  return new Html(text)
}

/**
 * Template tag for HTML: whatever is put in is escaped, unless it is HTML itself.
 * Lists are joined; `false`, `null` and `undefined` leave nothing, so `${open && html`…`}` reads well.
 */
export function html(strings: TemplateStringsArray, ...values: Value[]): Html {
  let text = strings[0] ?? ''
  values.forEach((value, index) => {
    text += fill(value) + (strings[index + 1] ?? '')
  })
  return new Html(text)
}

function fill(value: Value): string {
  if (value instanceof Html) return value.text
  if (value === false || value === null || value === undefined) return ''
  if (Array.isArray(value)) return value.map(fill).join('')
  return escape(String(value))
}
