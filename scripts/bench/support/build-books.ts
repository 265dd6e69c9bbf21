import { buildSite } from '../../../site/build/build.ts'
import { readWorkbook, type Workbook } from '../../workbook/book/read.ts'

// A program of its own, so that each build begins with nothing in memory:
// build-books.ts OUT CACHE BOOK… builds one site of these books and says what it did.

const [out = '', cacheFolder = '', ...roots] = process.argv.slice(2)
const { pages, highlighted } = await buildSite(asOne(roots.map(readWorkbook)), { out, cacheFolder })
console.log(JSON.stringify({ pages, highlighted }))

/** The books as one book, its lessons numbered through: further than the course has numbers for. */
function asOne(books: readonly Workbook[]): Workbook {
  const [first] = books
  if (!first) throw new Error('there is no book to build')
  if (books.length === 1) return first
  const lessons = books.flatMap(book => book.lessons)
  lessons.forEach((lesson, index) => {
    const [previous, next] = [lessons[index - 1], lessons[index + 1]]
    Object.assign(lesson, { number: index + 1 }, previous && { previous }, next && { next })
  })
  return {
    root: first.root,
    lessons,
    texts: lessons,
    parts: first.parts.map((part, index) => ({
      ...part,
      lessons: books.flatMap(book => book.parts[index]?.lessons ?? []),
    })),
    terms: books.flatMap(book => book.terms).sort((a, b) => a.term.localeCompare(b.term, 'en')),
  }
}
