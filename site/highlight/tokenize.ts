import { createHighlighterCore, type ThemedToken } from 'shiki/core'
import { createOnigurumaEngine } from 'shiki/engine/oniguruma'
import { escape } from '../html.ts'
import { GRAMMARS, type Language } from './languages.ts'
import { kindOf, THEME } from './theme.ts'

/** One line of HTML for each line of code: spans with a class for the kind, no newline at the end. */
export type Tokenize = (code: string, language: Language) => string[]

/** Left to itself shiki gives up on a line after half a second: on a busy machine a block would come out otherwise. */
const WHOLE_LINES = { tokenizeTimeLimit: 0, tokenizeMaxLineLength: 0 }

/** Loads shiki with our grammars: only where the cache does not know a block. */
export async function loadTokenizer(): Promise<Tokenize> {
  const shiki = await createHighlighterCore({
    themes: [THEME],
    langs: Object.values(GRAMMARS).map(load => load()),
    // Both engines give the same; this one saves a cold build a quarter of a second, the other saves browsers the WASM.
    engine: createOnigurumaEngine(import('shiki/wasm')),
  })
  return (code, language) => {
    if (language === 'plain') return code.split('\n').map(escape)
    return shiki.codeToTokensBase(code, { lang: language, theme: 'port-12345', ...WHOLE_LINES }).map(lineToHtml)
  }
}

/** Neighbours of one kind share a span, and blanks belong to whatever stands before them. */
function lineToHtml(tokens: ThemedToken[]): string {
  const runs: { kind: string | undefined, text: string }[] = []
  for (const token of tokens) {
    const last = runs.at(-1)
    const kind = kindOf(token.color)
    if (last && (last.kind === kind || token.content.trim() === '')) last.text += token.content
    else runs.push({ kind, text: token.content })
  }
  return runs.map(({ kind, text }) => kind ? `<span class="${kind}">${escape(text)}</span>` : escape(text)).join('')
}
