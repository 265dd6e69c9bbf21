/** Every element that fits, as a list. */
export function all<T extends HTMLElement = HTMLElement>(selector: string, within: ParentNode = document): T[] {
  return [...within.querySelectorAll<T>(selector)]
}

/** A button that does something. */
export function button(text: string, onClick: () => void): HTMLButtonElement {
  const element = document.createElement('button')
  element.type = 'button'
  element.textContent = text
  element.addEventListener('click', onClick)
  return element
}

let announcer: HTMLElement | undefined

/** Says something to a screen reader, once what it is saying is said. */
export function announce(text: string): void {
  if (!announcer) {
    announcer = document.createElement('div')
    announcer.className = 'said'
    announcer.setAttribute('aria-live', 'polite')
    document.body.append(announcer)
  }
  announcer.textContent = text
}
