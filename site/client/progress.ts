import { all, announce } from './dom.ts'

const KEY = 'port-12345-progress'

/** What is kept: the lessons that are done, by their stable ids, each with the moment it was. */
interface Progress {
  version: 1
  done: Record<string, string>
}

/** The one place that knows where progress is kept. */
export const progress = {
  read(): Progress {
    try {
      const value = JSON.parse(localStorage.getItem(KEY) ?? '') as Partial<Progress> | null
      if (value?.version === 1 && typeof value.done === 'object') return { version: 1, done: { ...value.done } }
    } catch {
      // Nothing kept yet, or storage is closed to this page.
    }
    return { version: 1, done: {} }
  },

  isDone(lesson: string): boolean {
    return lesson in this.read().done
  },

  setDone(lesson: string, done: boolean): void {
    const value = this.read()
    if (done) value.done[lesson] = new Date().toISOString()
    else delete value.done[lesson]
    try {
      localStorage.setItem(KEY, JSON.stringify(value))
    } catch {
      // The tick then holds until the page is left.
    }
  },
}

/** Ticks the lessons that are done, and lets a lesson be marked. */
export function startProgress(): void {
  show(progress.read().done)
  for (const button of all<HTMLButtonElement>('[data-done]')) {
    button.addEventListener('click', () => {
      const lesson = button.dataset.done ?? ''
      const done = button.getAttribute('aria-pressed') !== 'true'
      progress.setDone(lesson, done)
      show({ ...progress.read().done, ...(done && { [lesson]: '' }) })
      announce(done ? 'Marked as done' : 'No longer marked as done')
    })
  }
  addEventListener('storage', event => {
    if (event.key === KEY) show(progress.read().done)
  })
}

function show(done: Record<string, string>): void {
  for (const item of all('li[data-lesson]')) item.toggleAttribute('data-is-done', (item.dataset.lesson ?? '') in done)
  for (const button of all('[data-done]')) button.setAttribute('aria-pressed', String((button.dataset.done ?? '') in done))
}
