import type { Fence } from '../../scripts/workbook/book/fence.ts'
import type { Workbook } from '../../scripts/workbook/book/read.ts'
import { download } from '../address.ts'
import { zip } from './archive.ts'
import type { Block } from '../highlight/highlighter.ts'
import { languageOfFile } from '../highlight/languages.ts'
import { blockOf } from '../markdown/plain.ts'

/** Every block that a page will ask the highlighter for. */
export function* blocksOf({ lessons, texts }: Workbook): Generator<Block> {
  for (const lesson of lessons) {
    for (const file of lesson.snapshot.files) yield { code: file.text, language: languageOfFile(file.name) }
  }
  for (const { tokens } of texts) {
    for (const token of tokens) {
      const { fence } = (token.meta ?? {}) as { fence?: Fence }
      if (fence?.kind === 'sketch' || fence?.kind === 'plain') yield blockOf(token.content, fence.lang)
    }
  }
}

/** Every text whose characters the fonts must have. */
export function textsOf({ lessons, parts, texts }: Workbook): string[] {
  return [
    ...texts.map(text => text.source),
    ...lessons.flatMap(lesson => lesson.snapshot.files.map(file => file.text)),
    ...parts.flatMap(part => [part.name, part.promise]),
  ]
}

/** The programs as files to take away: each file, and one archive for each lesson. */
export function downloadsOf({ lessons }: Workbook): [path: string, content: string | Uint8Array][] {
  return lessons.flatMap(lesson => {
    const { files } = lesson.snapshot
    const archive = zip(files.map(({ name, text }) => ({ name: `${lesson.folder}/${name}`, text })))
    return [
      [download(lesson), archive],
      ...files.map((file): [string, string] => [download(lesson, file.name), file.text]),
    ]
  })
}
