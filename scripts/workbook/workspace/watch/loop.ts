import type { Writable } from 'node:stream'
import { Problem, Problems } from '../../problem.ts'
import { keysOf, type Keyboard } from './keys.ts'
import { codeOf, shown } from '../refusals.ts'
import { watchSaves, type Watcher } from './saves.ts'

/** A key that means something now. */
export interface Key {
  /** One small letter, `h`. */
  key: string
  /** What it does, in one or two words. */
  label: string
  /** Prints what it has to say. */
  press: () => void | Promise<void>
}

export interface LoopOptions {
  /** Absolute path of the folder whose files are watched. */
  folder: string
  /**
   * One check, which prints its own report. It is told by the signal that it is superseded, and may
   * reject then with whatever it likes; the next one starts when it has settled. Problems are printed.
   */
  run: (signal: AbortSignal) => Promise<void>
  /** The keys that mean something when no check runs, besides `r` and `q`. Asked whenever they are shown. */
  keys?: () => Key[]
  input: Keyboard
  output: Writable
  /** Watches files: chokidar, unless a test has something else. */
  watcher?: Watcher
  /** Where Ctrl-C and the like arrive when they are no keys: the process. */
  signals?: NodeJS.EventEmitter
}

/** What a program under test has written may be seen a little after it has ended. */
const ECHO_MS = 300

type Event = { kind: 'saved', files: string[] } | { kind: 'checked', error?: unknown } | { kind: 'key', key: string }
  | { kind: 'stop', code: number } | { kind: 'blind', error: unknown } | { kind: 'gone' }

/**
 * Checks now, and again 200 ms after the last save. One check runs at a time, and a save while one runs
 * supersedes it. Without a terminal there are no keys, and a signal ends it.
 * @returns the exit code: 0 for `q`, 130 for Ctrl-C
 * @throws Problem when files cannot be watched here, or not any longer
 */
export async function watchLoop(options: LoopOptions): Promise<number> {
  const { output, keys = () => [], signals = process } = options
  const events = new Queue<Event>()
  const say = (text: string) => void output.write(`${text}\n`)
  let running: AbortController | undefined
  let again: string[] | undefined
  let endedAt = 0

  const files = watchSaves(options.folder, {
    onSaved: files => events.push({ kind: 'saved', files }),
    onBlind: error => events.push({ kind: 'blind', error }),
    onGone: () => events.push({ kind: 'gone' }),
    onPolling: error => say(`(${reason(error)}: the system does not tell of saves here. Looking for them instead.)`),
    isBusy: () => running !== undefined || Date.now() - endedAt < ECHO_MS,
  }, options.watcher)
  const keyboard = keysOf(options.input, key => events.push({ kind: 'key', key }))
  const stop = (_: string, number: number) => events.push({ kind: 'stop', code: 128 + number })
  for (const name of STOPS) signals.on(name, stop)

  const check = (saved?: string[]) => {
    const what = saved && (saved.length > 0 ? `${saved.join(', ')} changed` : 'a file was removed')
    if (what) say(`\n--- ${what}, ${new Date().toTimeString().slice(0, 8)} ---\n`)
    const controller = running = new AbortController()
    options.run(controller.signal).then(
      () => events.push({ kind: 'checked' }),
      (error: unknown) => events.push({ kind: 'checked', ...(!controller.signal.aborted && { error }) }),
    )
  }
  const validKeys = () => {
    try {
      return keys()
    } catch (error) {
      tell(error, say)
      return []
    }
  }
  const showKeys = () => say(`\n${prompt(keyboard.there, validKeys())}`)

  try {
    await files.ready
    check()
    for (;;) {
      const event = await events.next()
      if (event.kind === 'saved') {
        if (running) again = [...new Set([...again ?? [], ...event.files])]
        running?.abort()
        if (!running) check(event.files)
      } else if (event.kind === 'checked') {
        running = undefined
        endedAt = Date.now()
        if (event.error !== undefined) tell(event.error, say)
        const saved = again
        again = undefined
        if (saved) check(saved)
        else showKeys()
      } else if (event.kind === 'key') {
        if (event.key === 'q') return 0
        if (event.key === '\x03') return 130
        if (event.key === 'r' && !running) {
          say('')
          check()
          continue
        }
        const found = running ? undefined : validKeys().find(({ key }) => key === event.key)
        if (!found) continue
        say('')
        await pressed(found, say)
        showKeys()
      } else if (event.kind === 'stop') {
        return event.code
      } else if (event.kind === 'gone') {
        throw new Problem(`${shown(options.folder)} is gone, and what is saved there now would not be seen`, {
          remedy: 'Put it back, then start this again.',
        })
      } else {
        throw new Problem(`workspace/ cannot be watched here: ${reason(event.error)}`, {
          remedy: 'After each save, run: npm run check',
        })
      }
    }
  } finally {
    for (const name of STOPS) signals.off(name, stop)
    keyboard.close()
    await files.close()
    running?.abort()
    // What the check has started ends with it.
    while (running) if ((await events.next()).kind === 'checked') running = undefined
  }
}

const STOPS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

function reason(error: unknown): string {
  return codeOf(error) || String(error)
}

async function pressed({ press }: Key, say: (text: string) => void): Promise<void> {
  try {
    await press()
  } catch (error) {
    tell(error, say)
  }
}

/** Prints what the reader can mend; anything else is a bug and ends the loop. */
function tell(error: unknown, say: (text: string) => void): void {
  if (!(error instanceof Problem || error instanceof Problems)) throw error
  say(String(error))
}

function prompt(hasKeys: boolean, keys: readonly Key[]): string {
  if (!hasKeys) return 'Waiting for the next save. Ctrl-C ends this.'
  const all = [...keys, { key: 'r', label: 'run again' }, { key: 'q', label: 'quit' }]
  return `Waiting for the next save.\nKeys: ${all.map(({ key, label }) => `${key}: ${label}`).join(', ')}`
}

/** Takes what happens in the order in which it happened. */
class Queue<T> {
  private readonly waiting: T[] = []
  private wake: (() => void) | undefined

  push(item: T): void {
    this.waiting.push(item)
    this.wake?.()
  }

  async next(): Promise<T> {
    while (this.waiting.length === 0) await new Promise<void>(resolve => { this.wake = resolve })
    return this.waiting.shift() as T
  }
}
