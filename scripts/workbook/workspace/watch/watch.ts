import { join } from 'node:path'
import type { Writable } from 'node:stream'
import type { Content } from '../../check/lesson.ts'
import type { CheckResult } from '../../check/report/verdict.ts'
import { type LessonEntry, listLessons } from '../../book/list.ts'
import { compareWithBook } from '../compare.ts'
import { hintsLeft, nextHint } from '../../progress/hint.ts'
import type { Keyboard } from './keys.ts'
import { type Key, watchLoop } from './loop.ts'
import { goOn, lessonAfter } from '../../progress/next.ts'
import { pageOf } from '../page.ts'
import { isDone, readProgress } from '../../progress/progress.ts'

export interface WatchOptions {
  root: string
  content: Content
  lesson: LessonEntry
  /** Absolute path of the folder to watch: workspace/, unless another one is checked. */
  folder?: string
  /** Checks the lesson, prints the report and writes down the result; ends early when the signal says so. */
  run: (lesson: LessonEntry, signal: AbortSignal) => Promise<CheckResult>
  input: Keyboard
  output: Writable
}

/**
 * `npm run check -- --watch`: checks the lesson now and whenever a file in workspace/ changes, until the
 * reader quits. They go to the next lesson when they say so.
 * @returns the exit code
 */
export function watchWorkspace(options: WatchOptions): Promise<number> {
  const { root, content, run, input, output } = options
  let { lesson } = options
  const workspace = join(root, 'workspace')
  const { folder = workspace } = options
  const lessons = listLessons(root)
  const print = (text: string) => void output.write(`${text}\n`)
  let result: CheckResult | undefined

  const hint = { key: 'h', label: 'hint', press: () => print(nextHint(content, root, pageOf(output))) }
  const compare = { key: 'c', label: 'compare', press: () => print(compareWithBook(root, lesson, pageOf(output))) }
  const next = {
    key: 'n',
    label: 'next lesson',
    async press() {
      const following = lessonAfter(lessons, lesson)
      if (!following) return
      const { lesson: next, told } = await goOn(root, lessons, String(following.number), 'save a file')
      lesson = next
      result = undefined
      print(told)
    },
  }

  return watchLoop({
    folder,
    async run(signal) {
      result = undefined
      result = await run(lesson, signal)
    },
    keys(): Key[] {
      // Hints, comparisons and progress are about the reader's own program.
      if (folder !== workspace) return []
      const done = isDone(readProgress(root), lesson)
      return [
        ...(result?.failure && hintsLeft(root, result) > 0 ? [hint] : []),
        ...(done && lessonAfter(lessons, lesson) ? [next] : []),
        ...(done ? [compare] : []),
      ]
    },
    input,
    output,
  })
}
