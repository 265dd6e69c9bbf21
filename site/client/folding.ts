import { all } from './dom.ts'

/** What is folded prints open, and a link to something folded opens it. */
export function startFolding(): void {
  let opened: HTMLDetailsElement[] = []
  addEventListener('beforeprint', () => {
    opened = all<HTMLDetailsElement>('details:not([open])')
    for (const box of opened) box.open = true
  })
  addEventListener('afterprint', () => {
    for (const box of opened) box.open = false
  })
  addEventListener('hashchange', openTarget)
  openTarget()
}

function openTarget(): void {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)))
  for (let box = target?.closest('details'); box; box = box.parentElement?.closest('details')) box.open = true
}
