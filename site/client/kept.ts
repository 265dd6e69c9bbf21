const KEY = 'port-12345-progress'
const NONE: Progress = { version: 1, done: {} }

/** The same as workspace/progress.json: the lessons that are done, by their stable ids, each with the moment it was. */
export interface Progress {
  version: 1
  current?: string
  done: Record<string, string>
}

/**
 * Reads a progress file. What else is in it stays in it.
 * @throws Error with one line for the reader
 */
export function parseProgress(text: string): Progress {
  let value: Partial<Progress> & { failed?: unknown } | null
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, '')) as typeof value
  } catch {
    throw new Error('That file is not JSON.')
  }
  const done: unknown = value?.done
  const isDone = typeof done === 'object' && done !== null && !Array.isArray(done)
    && Object.values(done).every(date => typeof date === 'string')
  if (value?.version !== 1 || !isDone) throw new Error('That file is not progress.')
  // What failed last is of that machine.
  const { failed: _, ...rest } = value
  return { ...rest, version: 1, done: { ...done } as Progress['done'] }
}

/** The text that `npm run progress -- --export` writes too. */
export function printProgress({ version, current, done, ...others }: Progress): string {
  return `${JSON.stringify({ version, current, done, ...others }, null, 2)}\n`
}

/** What this browser keeps. Where storage is closed to the page, it holds until the page is left. */
export const kept = {
  value: read() ?? NONE,

  /** Changes what is kept now, which another page may have written. */
  update(change: (done: Progress['done'], value: Progress) => Partial<Progress>): void {
    const before = read() ?? this.value
    const value = { ...before, ...change({ ...before.done }, before) }
    this.value = value
    try {
      if (Object.keys(value.done).length > 0) localStorage.setItem(KEY, JSON.stringify(value))
      else localStorage.removeItem(KEY)
    } catch {
      // Closed.
    }
  },

  /** Calls back when another page of this browser has changed it. */
  onChange(tell: () => void): void {
    addEventListener('storage', event => {
      if (event.key !== KEY) return
      this.value = read() ?? NONE
      tell()
    })
  },
}

/** Undefined where storage is closed to this page. */
function read(): Progress | undefined {
  let text: string | null
  try {
    text = localStorage.getItem(KEY)
  } catch {
    return undefined
  }
  try {
    return text === null ? NONE : parseProgress(text)
  } catch {
    return NONE
  }
}
