import { isLesson, type Text } from '../../scripts/workbook/book/read.ts'
import { roman } from './roman.ts'

/** What a text is called wherever it is named by itself: "6. Echo", "Part IV: HTTP, from bytes". */
export function titleOf(text: Text): string {
  return isLesson(text) ? `${text.number}. ${text.title}` : `Part ${roman(text.number)}: ${text.title}`
}
