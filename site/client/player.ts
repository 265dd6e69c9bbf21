/** Between two steps while playing: time to read a line. */
const PAUSE = 1400

/**
 * Which steps of an experiment are shown. At first all of them, as on paper; once it is played or
 * stepped, those that have happened so far.
 */
export class Player {
  /** Undefined: the experiment stands there whole. */
  shown: number | undefined
  readonly length: number
  #timer: ReturnType<typeof setTimeout> | undefined
  readonly #onChange: () => void

  constructor(length: number, onChange: () => void) {
    this.length = length
    this.#onChange = onChange
  }

  get playing(): boolean {
    return this.#timer !== undefined
  }

  get atEnd(): boolean {
    return this.shown === this.length
  }

  /** Goes on by itself until the end, from the start if it stands whole or at the end. */
  play(): void {
    const next = () => {
      const shown = (this.shown ?? 0) + 1
      this.#timer = shown < this.length ? setTimeout(next, PAUSE) : undefined
      this.#set(shown)
    }
    if (this.atEnd) this.shown = undefined
    next()
  }

  pause(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#onChange()
  }

  /** Shows so many steps and waits there; `undefined` shows the whole. */
  goTo(shown: number | undefined): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#set(shown)
  }

  #set(shown: number | undefined): void {
    this.shown = shown === undefined ? undefined : Math.max(0, Math.min(shown, this.length))
    this.#onChange()
  }
}
