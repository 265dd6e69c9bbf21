import { all } from './dom.ts'

/** Marks in the list of headings the one whose text is being read: the last that has passed the top. */
export function startSpy(): void {
  const entries = all<HTMLAnchorElement>('.contents a').flatMap(link => {
    const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)))
    return heading ? { link, heading } : []
  })
  const [first] = entries
  if (!first) return

  // Where the list is a popover it would stay open over the place that was chosen in it.
  const list = first.link.closest<HTMLElement>('.contents')
  for (const { link } of entries) link.addEventListener('click', () => list?.hidePopover())

  let marked: HTMLAnchorElement | undefined
  let waiting = false
  const mark = () => {
    waiting = false
    const line = innerHeight / 4
    const atEnd = scrollY + innerHeight >= document.documentElement.scrollHeight - 2
    const hasPassed = ({ heading }: { heading: HTMLElement }) => heading.getBoundingClientRect().top <= line
    const passed = atEnd ? entries.at(-1) : entries.findLast(hasPassed)
    if (passed?.link === marked) return
    marked?.removeAttribute('aria-current')
    marked = passed?.link
    marked?.setAttribute('aria-current', 'location')
  }
  addEventListener('scroll', () => {
    if (!waiting) requestAnimationFrame(mark)
    waiting = true
  }, { passive: true })
  mark()
}
