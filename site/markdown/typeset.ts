import { createParser } from '../../scripts/workbook/book/markdown.ts'

const parser = createParser()

/** Words from outside of the text, such as a lesson's summary, with the quotes that the text has. */
export function typeset(words: string): string {
  return parser.parseInline(words, {})[0]?.children?.map(token => token.content).join('') ?? words
}
