import { z } from 'zod'
import { frontMatterSchema } from '../front-matter.ts'
import { CONTAINERS } from '../markdown.ts'
import type { LessonEntry } from '../list.ts'

/** A file that follows from other files, and is written by `npm run sync` and by nothing else. */
export interface Derived {
  file: string
  /** Its text, made from what it is now. */
  make(current: string): string
}

const KEYS_START = '<!-- keys: npm run sync -->'
const KEYS_END = '<!-- /keys -->'

/**
 * The files that follow from the lessons and from the front matter's schema.
 * @param rooms the folders in tests/lessons that have a lesson.ts
 */
export function derivedFiles(lessons: readonly LessonEntry[], rooms: readonly string[]): Derived[] {
  return [
    { file: 'package.json', make: current => withLessonScripts(current, lessons) },
    { file: 'tests/lessons/index.ts', make: () => indexOf(rooms) },
    { file: 'CONTRIBUTING.md', make: withKeys },
    { file: '.vscode/lessons.code-snippets', make: () => json(editorSnippets()) },
  ]
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

function withLessonScripts(current: string, lessons: readonly LessonEntry[]): string {
  const manifest = JSON.parse(current) as { scripts: Record<string, string> }
  const others = Object.entries(manifest.scripts).filter(([name]) => !/^lesson:/.test(name))
  const own = lessons.map(({ number }) => [`lesson:${number}`, `node scripts/run.mjs lesson ${number}`])
  return json({ ...manifest, scripts: Object.fromEntries([...others, ...own]) })
}

// In two pieces: where our own TypeScript is compiled, the whole stands for the folder of this file.
const HERE = ['import.meta', 'dirname'].join('.')

function indexOf(rooms: readonly string[]): string {
  const name = (folder: string) => `lesson${Number.parseInt(folder)}`
  return `// Written by npm run sync.
import { join } from 'node:path'
import { contentOf } from '#workbook/check/lesson.ts'
${rooms.map(folder => `import ${name(folder)} from './${folder}/lesson.ts'\n`).join('')}import { shared } from './shared/mistakes/all.ts'

/** What is promised of the programs of all lessons. */
export const CONTENT = contentOf({
${rooms.map(folder => `  '${folder}': ${name(folder)},\n`).join('')}}, shared, join(${HERE}, 'lane.ts'))
`
}

function withKeys(current: string): string {
  const rows = Object.entries(frontMatterSchema.shape).map(([key, type]) =>
    `| \`${key}\` | ${type.safeParse(undefined).success ? 'no' : 'yes'} | ${type.description} |`)
  const table = ['| key | required | what it is |', '|---|---|---|', ...rows].join('\n')
  const [before = '', rest = ''] = current.split(KEYS_START)
  const after = rest.split(KEYS_END)[1] ?? ''
  return `${before}${KEYS_START}\n\n${table}\n\n${KEYS_END}${after}`
}

/** Completion in the editor: the front matter with its keys, the boxes, an experiment. */
function editorSnippets() {
  const schema = z.toJSONSchema(frontMatterSchema, { io: 'input' })
  const keys = Object.entries(schema.properties ?? {})
  const required = keys.filter(([key]) => schema.required?.includes(key))
  const field = ([key, schema]: [string, unknown], index: number) => {
    const choices = (schema as { enum?: string[] }).enum
    // A comma inside a choice would end it.
    return `${key}: \${${index + 1}${choices ? `|${choices.map(choice => choice.replaceAll(',', '\\,')).join(',')}|` : ''}}`
  }
  const experiment = ['```experiment ${1:What happens}', 'server $ npm run lesson:${2:6}', 'server | Starting server on port 12345', '```']
  return {
    'Front matter of a lesson': { scope: 'markdown', prefix: 'lesson', body: ['---', ...required.map(field), '---', '$0'] },
    Experiment: { scope: 'markdown', prefix: 'experiment', body: experiment },
    ...Object.fromEntries(Object.entries(CONTAINERS).map(([name, description]) => [
      `Box: ${name}`,
      { scope: 'markdown', prefix: name, description, body: [`::: ${name} \${1:Title}`, '$0', ':::'] },
    ])),
  }
}
