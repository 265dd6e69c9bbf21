import { linesOf } from '../../scripts/workbook/text.ts'
import { codeBlock, type CodeLine } from '../highlight/code.ts'
import { escape, type Html } from '../html.ts'
import { languageOfFence } from '../highlight/languages.ts'
import type { RenderEnv } from '../site.ts'

const PROMPT_RE = /^\$ /

/** Code that is not in the program: it says so. */
export function renderSketch(content: string, lang: string, env: RenderEnv): Html {
  const coloured = env.site.highlighter.lines(blockOf(content, lang))
  const lines = coloured.map((code): CodeLine => ({ kind: 'context', code }))
  return codeBlock(lines, { text: 'A sketch, not part of the program' }, { name: 'A sketch' })
}

/** Commands and drawings. In a block with prompts, only what is typed behind them is copied. */
export function renderPlain(content: string, lang: string, env: RenderEnv): Html {
  const source = linesOf(content)
  const name = lang === 'sh' ? 'Commands' : 'Text'
  if (lang !== 'sh' || !source.some(line => PROMPT_RE.test(line))) {
    const coloured = env.site.highlighter.lines(blockOf(content, lang))
    return codeBlock(coloured.map((code): CodeLine => ({ kind: 'context', code })), undefined, { name })
  }
  const commands = commandsOf(source)
  const coloured = env.site.highlighter.lines({ code: commands.join('\n'), language: languageOfFence(lang) })
  let at = 0
  const lines = source.map((text): CodeLine => PROMPT_RE.test(text)
    ? { kind: 'typed', prompt: '$ ', code: coloured[at++] ?? '' }
    : { kind: 'output', code: escape(text) })
  return codeBlock(lines, undefined, { name, differ: 'session' })
}

/** What the highlighter is asked for a fence: known before the page is made, so that it can look into its cache. */
export function blockOf(content: string, lang: string): { code: string, language: ReturnType<typeof languageOfFence> } {
  const source = linesOf(content)
  const commands = lang === 'sh' && source.some(line => PROMPT_RE.test(line)) ? commandsOf(source) : source
  return { code: commands.join('\n'), language: languageOfFence(lang) }
}

function commandsOf(lines: readonly string[]): string[] {
  return lines.filter(line => PROMPT_RE.test(line)).map(line => line.replace(PROMPT_RE, ''))
}
