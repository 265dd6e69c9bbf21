import MarkdownIt from 'markdown-it'
import { createHighlighterCore } from 'shiki/core'
import { createJavaScriptRegexEngine } from 'shiki/engine/javascript'

const LANGUAGES = { ts: 'typescript', js: 'typescript', json: 'json', sql: 'sql', sh: 'shellscript' }

/**
 * What anybody would write first: markdown-it for the text, shiki/core for the code, with the same
 * grammars and the same engine as the site. It knows nothing of boxes, programs or experiments.
 * @returns a function from Markdown to HTML
 */
export async function createPlainRenderer() {
  const shiki = await createHighlighterCore({
    themes: [import('shiki/themes/github-light.mjs')],
    langs: [
      import('shiki/langs/typescript.mjs'),
      import('shiki/langs/shellscript.mjs'),
      import('shiki/langs/json.mjs'),
      import('shiki/langs/sql.mjs'),
    ],
    engine: createJavaScriptRegexEngine(),
  })
  const md = MarkdownIt({
    typographer: true,
    highlight: (code, language) => shiki.codeToHtml(code, { lang: LANGUAGES[language] ?? 'text', theme: 'github-light' }),
  })
  return text => md.render(text.replace(/^---\n[\s\S]*?\n---\n/, ''))
}
