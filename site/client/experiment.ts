import { tell } from './copy.ts'
import { all, announce, button } from './dom.ts'
import { Player } from './player.ts'

/** Experiments can be played step by step, and their commands copied. */
export function startExperiments(): void {
  for (const figure of all('.experiment')) {
    addControls(figure)
    for (const step of all('.step-start, .step-look, .step-type', figure)) addCopy(step)
  }
}

function addControls(figure: HTMLElement): void {
  const steps = all('.step', figure)
  const player = new Player(steps.length, () => {
    const { shown, playing, atEnd, length } = player
    figure.classList.toggle('playing', shown !== undefined)
    steps.forEach((step, index) => {
      step.classList.toggle('later', shown !== undefined && index >= shown)
      step.classList.toggle('now', index === (shown ?? 0) - 1)
    })
    play.textContent = playing ? 'Pause' : 'Play'
    setDisabled(step, atEnd)
    setDisabled(back, shown === 0)
    setDisabled(again, shown === 0)
    for (const late of [back, again, whole]) late.hidden = shown === undefined
    announce(describe(steps[(shown ?? 0) - 1], shown, length))
  })

  const play = button('Play', () => player.playing ? player.pause() : player.play())
  const step = button('Step', () => player.goTo((player.shown ?? 0) + 1))
  const back = button('Back', () => player.goTo((player.shown ?? 0) - 1))
  const again = button('Start again', () => player.goTo(0))
  const whole = button('Show all', () => {
    player.goTo(undefined)
    // This button is gone now, and the focus must not go with it.
    step.focus()
  })
  for (const late of [back, again, whole]) late.hidden = true

  // Step stays where it is, at the right end, while others come and go beside it.
  // Whoever asked for less motion steps at their own pace.
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches
  figure.querySelector('.controls')?.append(...still ? [whole, again, back, step] : [whole, again, back, play, step])
}

/** A button that has the focus keeps it: `disabled` would throw a keyboard's user back to the top of the page. */
function setDisabled(button: HTMLButtonElement, disabled: boolean): void {
  button.setAttribute('aria-disabled', String(disabled))
}

function describe(step: HTMLElement | undefined, shown: number | undefined, length: number): string {
  if (shown === undefined) return 'All steps are shown'
  if (!step) return `At the start, ${length} steps to come`
  return `Step ${shown} of ${length}: ${textOf(step)}`
}

function textOf(step: HTMLElement): string {
  const words = step.cloneNode(true) as HTMLElement
  for (const copy of all('button', words)) copy.remove()
  return words.textContent.trim().replace(/\s+/g, ' ')
}

/** A command with a value in it that is different in every run cannot be typed as it stands. */
function addCopy(step: HTMLElement): void {
  const code = step.querySelector('code')
  if (!code || code.querySelector('var')) return
  const copy = button('Copy', () => void tell(copy, code.textContent ?? ''))
  copy.className = 'copy-step'
  copy.setAttribute('aria-label', `Copy: ${code.textContent}`)
  code.after(copy)
}
