import { all, announce } from './dom.ts'
import { kept, parseProgress, type Progress } from './kept.ts'
import { askServer, mayBeServed } from './served.ts'

/** What the server last said; none where there is none that keeps progress. */
let served: Progress | undefined
/** Why a server that keeps progress could not hand it out. */
let trouble: string | undefined
let queue: Promise<unknown> = Promise.resolve()

/**
 * The one place that knows where progress is kept: in the workspace where a server keeps it there, and
 * else in this browser. What the browser kept before it met the server is added to the file, once, and
 * forgotten here when the file has it. So nothing done is lost, and what is taken back stays so. What
 * the server does not take waits in the browser in the same way.
 */
export const progress = {
  read(): Progress {
    return { ...kept.value, ...served, done: { ...kept.value.done, ...served?.done } }
  },

  /** Marks a lesson. Returns what went wrong, in one line. */
  setDone(lesson: string, done: boolean): Promise<string | undefined> {
    return inTurn(async () => {
      try {
        if (served) {
          served = await askServer('PUT', JSON.stringify({ lesson, done })) ?? served
          forget([lesson])
          return undefined
        }
      } catch (error) {
        if (!done) return lineOf(error)
        trouble = lineOf(error)
      }
      if (done) kept.update(others => ({ done: { ...others, [lesson]: new Date().toISOString() } }))
      else forget([lesson])
      return trouble && `${trouble} Until then this browser keeps it.`
    })
  },

  /**
   * Adds the progress in a file.
   * @returns the number of lessons of this book that are done now and were not
   * @throws Error with one line for the reader
   */
  add(text: string): Promise<number> {
    return inTurn(async () => {
      const count = () => all('li[data-is-done]').length
      const before = count()
      if (served) served = await askServer('POST', text) ?? served
      else {
        const other = parseProgress(text)
        kept.update((done, own) => ({ ...other, ...own, done: { ...other.done, ...done } }))
      }
      show()
      return count() - before
    })
  },

  /** Progress as it is now: a command may have changed the file. */
  refresh(): Promise<Progress> {
    return inTurn(async () => {
      if (mayBeServed()) await meetServer()
      show()
      const note = document.querySelector('.transfer .note')
      if (note && trouble) note.textContent = trouble
      return this.read()
    })
  },
}

/** Ticks the lessons that are done, shows the one that the reader is on, and lets a lesson be marked. */
export function startProgress(): void {
  show()
  if (mayBeServed()) void progress.refresh()
  for (const button of all<HTMLButtonElement>('[data-done]')) {
    button.addEventListener('click', () => void mark(button))
  }
  kept.onChange(show)
}

async function mark(button: HTMLButtonElement): Promise<void> {
  const lesson = button.dataset.done ?? ''
  const done = button.getAttribute('aria-pressed') !== 'true'
  button.setAttribute('aria-pressed', String(done))
  const wrong = await progress.setDone(lesson, done)
  show()
  const note = button.parentElement?.querySelector('.note')
  if (note) note.textContent = wrong ?? ''
  const outcome = done ? 'Marked as done' : wrong ? 'Still marked as done' : 'No longer marked as done'
  announce(wrong ? `${outcome}. ${wrong}` : outcome)
}

async function meetServer(): Promise<void> {
  try {
    served = await askServer()
    trouble = undefined
    if (!served) return
    const { done } = served
    if (Object.keys(kept.value.done).some(lesson => !Object.hasOwn(done, lesson))) {
      served = await askServer('POST', JSON.stringify(kept.value)) ?? served
    }
    forget(Object.keys(served.done))
  } catch (error) {
    trouble = lineOf(error)
  }
}

function forget(lessons: readonly string[]): void {
  const stays = ([lesson]: [string, string]) => !lessons.includes(lesson)
  kept.update(done => ({ done: Object.fromEntries(Object.entries(done).filter(stays)) }))
}

/** One after the other, in the order in which they were asked for. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const turn = queue.then(work)
  queue = turn.catch(() => undefined)
  return turn
}

function lineOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function show(): void {
  const { current, done } = progress.read()
  const isDone = (lesson = '') => Object.hasOwn(done, lesson)
  for (const item of all('li[data-lesson]')) {
    item.toggleAttribute('data-is-done', isDone(item.dataset.lesson))
    item.toggleAttribute('data-is-current', item.dataset.lesson === current)
  }
  for (const button of all('[data-done]')) button.setAttribute('aria-pressed', String(isDone(button.dataset.done)))
}
