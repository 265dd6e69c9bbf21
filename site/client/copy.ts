import { all, announce, button } from './dom.ts'

const TOLD_FOR = 2000

/** A button on every block of code. What is copied is what one would type. */
export function startCopying(): void {
  for (const block of all('.code')) {
    const pre = block.querySelector('pre')
    if (!pre) continue
    const copy = button('Copy', () => void tell(copy, codeOf(pre)))
    copy.className = 'copy'
    copy.setAttribute('aria-label', `Copy: ${pre.dataset.name}`)
    block.append(copy)
  }
}

/** Puts text into the clipboard, and says on the button whether that worked. */
export async function tell(copy: HTMLButtonElement, text: string): Promise<void> {
  const name = copy.dataset.name ??= copy.textContent ?? ''
  const worked = await write(text)
  copy.textContent = worked ? 'Copied' : 'Copy failed'
  copy.classList.add('told')
  announce(copy.textContent)
  setTimeout(() => {
    copy.textContent = name
    copy.classList.remove('told')
  }, TOLD_FOR)
}

/**
 * The code of a block without what the page added to it: line numbers, signs and spoken words; lines
 * that are gone, stand for others, or were printed; and prompts.
 */
export function codeOf(pre: Element): string {
  return all('.l:not(.removed, .gap, .output)', pre).map(line => {
    const copy = line.cloneNode(true) as HTMLElement
    for (const added of all('.said, .no, .prompt', copy)) added.remove()
    return copy.textContent
  }).join('').replace(/\n$/, '')
}

async function write(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return writeBySelection(text)
  }
}

/** From disk, and where the clipboard's own interface is refused. */
function writeBySelection(text: string): boolean {
  const field = document.createElement('textarea')
  const before = document.activeElement
  field.value = text
  field.className = 'said'
  document.body.append(field)
  field.select()
  const worked = document.execCommand('copy')
  field.remove()
  if (before instanceof HTMLElement) before.focus()
  return worked
}
