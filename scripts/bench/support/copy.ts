import { stringify } from 'yaml'
import { frontMatterSchema } from '../../workbook/book/front-matter.ts'
import type { Fence } from '../../workbook/book/fence.ts'
import { PARTS } from '../../workbook/book/parts.ts'
import type { Lesson } from '../../workbook/book/read.ts'

/** One copy of the lessons of a book, in which every name that must be unique has the copy's sign. */
export interface Copy {
  lessons: readonly Lesson[]
  /** Among all copies, from 0: no two copies have a name or a line of code with a name in common. */
  index: number
  /** Among the copies of one book, from 0: the numbers go on from one to the next. */
  place: number
}

const signOf = (copy: Copy) => `c${copy.index + 1}`

/** The name of a lesson's files in the copy: `13-echo-c2` for `06-echo`. */
export function folderIn(copy: Copy, lesson: Lesson): string {
  return `${String(numberIn(copy, lesson)).padStart(2, '0')}-${lesson.slug}-${signOf(copy)}`
}

/**
 * The name of a program's file in the copy. As it is another file than the copy before had, the first
 * lesson of each copy begins anew, as lesson 1 does.
 */
export function fileIn(copy: Copy, name: string): string {
  return name.replace(/(\.\w+)?$/, `-${signOf(copy)}$1`)
}

/** Code in the copy: names that are written inCamelCase have its sign. It is read and never run. */
export function codeIn(copy: Copy, code: string): string {
  return code.replace(/\b\w*[a-z][A-Z]\w*\b/g, `$&C${copy.index + 1}`)
}

/** The whole text of a lesson in the copy, with its front matter. */
export function textIn(copy: Copy, lesson: Lesson): string {
  const first = lesson === copy.lessons[0]
  const number = numberIn(copy, lesson)
  const before = { ...copy, index: copy.index - 1 }
  const begun = copy.lessons.find(other => other.number === lesson.from)
  const data = {
    ...Object.fromEntries(Object.keys(frontMatterSchema.shape).map(key => [key, lesson[key as keyof Lesson]])),
    id: `${lesson.slug}-${signOf(copy)}`,
    part: PARTS.find(part => part.first <= number && number <= part.last)?.name ?? lesson.part,
    from: begun && numberIn(copy, begun),
    leaves: first && copy.place > 0
      ? copy.lessons.at(-1)?.snapshot.files.map(file => fileIn(before, file.name))
      : lesson.leaves.map(name => fileIn(copy, name)),
  }
  return `---\n${stringify(data)}---\n${bodyIn(copy, lesson)}`
}

function numberIn({ lessons, place }: Copy, lesson: Lesson): number {
  return place * lessons.length + lessons.indexOf(lesson) + 1
}

/** Fences have code, in which names change; between them are links and terms. */
function bodyIn(copy: Copy, { body, tokens }: Lesson): string {
  const lines = body.split('\n')
  const pieces: string[] = []
  let at = 0
  for (const token of tokens) {
    const { fence } = (token.meta ?? {}) as { fence?: Fence }
    if (!fence || !token.map) continue
    const [start, end] = token.map
    pieces.push(proseIn(copy, lines.slice(at, start).join('\n')))
    const [info = '', ...code] = lines.slice(start, end)
    const opening = fence.kind === 'snippet' ? info.replace(fence.file, fileIn(copy, fence.file)) : info
    const content = code.join('\n')
    pieces.push([opening, fence.kind === 'experiment' ? content : codeIn(copy, content)].join('\n'))
    at = end
  }
  pieces.push(proseIn(copy, lines.slice(at).join('\n')))
  return pieces.join('\n')
}

function proseIn(copy: Copy, text: string): string {
  const sign = signOf(copy)
  return text
    // The pages of the parts are not copied.
    .replace(/\[([^\]]*)\]\(parts\/[^)]*\)/g, '$1')
    .replace(/\b(\d\d-[a-z0-9-]+?)(?:\.md|\/([\w./-]+\.\w+))/g, (whole, folder: string, file?: string) => {
      const lesson = copy.lessons.find(other => other.folder === folder)
      if (!lesson) return whole
      return folderIn(copy, lesson) + (file === undefined ? '.md' : `/${fileIn(copy, file)}`)
    })
    .replace(/\*\*([^*]+)\*\*/g, `**$1 ${sign}**`)
    .replace(/#term-[\w-]+/g, `$&-${sign}`)
}
