/**
 * The grammars of the languages that fences and files may have, and where shiki keeps them.
 * Loading every grammar it knows takes ten seconds; these take a twentieth of one.
 */
export const GRAMMARS = {
  typescript: () => import('shiki/langs/typescript.mjs'),
  shellscript: () => import('shiki/langs/shellscript.mjs'),
  json: () => import('shiki/langs/json.mjs'),
  sql: () => import('shiki/langs/sql.mjs'),
} as const

/** How a block is written: by a grammar, or as it is. */
export type Language = keyof typeof GRAMMARS | 'plain'

/** The names that stand behind the three backticks of a fence. */
const FENCES: Record<string, Language> = {
  ts: 'typescript',
  js: 'typescript',
  json: 'json',
  sql: 'sql',
  sh: 'shellscript',
  text: 'plain',
}

/**
 * The language of a fence.
 * @throws Error for a name the workbook lets through and the site does not know
 */
export function languageOfFence(name: string): Language {
  const language = FENCES[name]
  if (language === undefined) throw new Error(`the site has no grammar for a fence in ${name}: add it to site/highlight/languages.ts`)
  return language
}

/** The language of a file of a program, by its name. */
export function languageOfFile(name: string): Language {
  const extension = name.slice(name.lastIndexOf('.') + 1).replace(/^[mc](?=[jt]s$)/, '')
  return FENCES[extension] ?? 'plain'
}
