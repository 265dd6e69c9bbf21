import { all } from './dom.ts'

/** What scrolls sideways can be reached by keyboard, but only where it does scroll: no empty stops. */
export function startScrollers(): void {
  const watch = new ResizeObserver(entries => {
    for (const { target } of entries) setStop(target as HTMLElement)
  })
  for (const scroller of all('pre, .table')) watch.observe(scroller)
}

function setStop(scroller: HTMLElement): void {
  if (scroller.scrollWidth > scroller.clientWidth) {
    scroller.tabIndex = 0
    scroller.setAttribute('role', 'group')
    scroller.setAttribute('aria-label', scroller.dataset.name ?? 'Table')
  } else if (scroller.tabIndex === 0) {
    scroller.removeAttribute('tabindex')
    scroller.removeAttribute('role')
    scroller.removeAttribute('aria-label')
  }
}
