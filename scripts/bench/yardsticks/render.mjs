import MarkdownIt from 'markdown-it'
import { createHighlighterCore } from 'shiki/core'
import { createJavaScriptRegexEngine } from 'shiki/engine/javascript'
import { createOnigurumaEngine } from 'shiki/engine/oniguruma'

const LANGUAGES = { ts: 'typescript', js: 'typescript', json: 'json', sql: 'sql', sh: 'shellscript' }

const ENGINES = {
  javascript: () => createJavaScriptRegexEngine(),
  wasm: () => createOnigurumaEngine(import('shiki/wasm')),
}

/**
 * What anybody would write first: markdown-it for the text, shiki/core for the code, with the grammars
 * of the site. It knows nothing of boxes, programs or experiments.
 * @param {keyof typeof ENGINES} engine what matches the grammars: the same HTML, not the same time
 * @returns a function from Markdown to HTML
 */
export async function createPlainRenderer(engine) {
  const shiki = await createHighlighterCore({
    themes: [import('shiki/themes/github-light.mjs')],
    langs: [
      import('shiki/langs/typescript.mjs'),
      import('shiki/langs/shellscript.mjs'),
      import('shiki/langs/json.mjs'),
      import('shiki/langs/sql.mjs'),
    ],
    engine: ENGINES[engine](),
  })
  const md = MarkdownIt({
    typographer: true,
    highlight: (code, language) => shiki.codeToHtml(code, { lang: LANGUAGES[language] ?? 'text', theme: 'github-light' }),
  })
  return text => md.render(text.replace(/^---\n[\s\S]*?\n---\n/, ''))
}
