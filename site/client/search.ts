import { button } from './dom.ts'

/** What pagefind's own script offers, as far as it is used here. */
interface Pagefind {
  options: (options: { excerptLength: number }) => Promise<void>
  init: () => Promise<void>
  debouncedSearch: (query: string, options: object, delay: number) => Promise<{ results: Result[] } | null>
  filters: () => Promise<unknown>
}

interface Result {
  data: () => Promise<Found>
}

interface Found {
  raw_url?: string
  url: string
  excerpt: string
  content: string
  meta: { title: string }
  filters: { kind?: string[] }
  sub_results: { title: string, url: string, excerpt: string }[]
}

const KINDS = ['Lesson', 'Glossary', 'Program']
const MOST_RESULTS = 12
const MOST_PLACES = 3
const DELAY = 120

const root = document.documentElement.dataset.root ?? ''

/** The search: a dialog that is made, and a library that is loaded, when it is first asked for. */
export function startSearch(): void {
  const opener = document.querySelector<HTMLButtonElement>('[data-search]')
  if (!opener) return
  let dialog: HTMLDialogElement | undefined
  const open = () => {
    dialog ??= createDialog()
    if (!dialog.open) dialog.showModal()
    dialog.querySelector('input')?.select()
  }
  opener.addEventListener('click', open)
  addEventListener('keydown', event => {
    const slash = event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey
    const control = event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey)
    if ((slash || control) && !isField(event.target)) {
      event.preventDefault()
      open()
    }
  })
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
}

function createDialog(): HTMLDialogElement {
  const dialog = document.createElement('dialog')
  dialog.className = 'search'
  dialog.setAttribute('aria-label', 'Search the book')
  const close = button('Close', () => dialog.close())
  if (location.protocol === 'file:') {
    dialog.innerHTML = `<p>From disk a browser may not load the search. Open <a href="${root}print.html">the whole book on one page</a> and use the browser’s own search (Ctrl-F), or start the book with <code>npm start</code>.</p>`
    dialog.append(close)
  } else {
    const { form, status, results } = createForm()
    form.querySelector('label')?.after(close)
    dialog.append(form, status, results)
  }
  // A search field takes the first Escape for itself, to empty itself.
  dialog.addEventListener('keydown', event => {
    if (event.key !== 'Escape') return
    event.preventDefault()
    dialog.close()
  })
  // A click beside the dialog lands on the dialog itself.
  dialog.addEventListener('click', event => {
    if (event.target === dialog) dialog.close()
  })
  document.body.append(dialog)
  return dialog
}

function createForm(): { form: HTMLFormElement, status: HTMLElement, results: HTMLElement } {
  const form = document.createElement('form')
  form.setAttribute('role', 'search')
  form.method = 'dialog'
  form.innerHTML = `<label><span class="said">Search the book for</span><input type="search" autocomplete="off" spellcheck="false" placeholder="backlog, EADDRINUSE, accept …"></label>`
    + `<fieldset><legend class="said">In</legend>${['', ...KINDS].map(kind =>
      `<label><input type="radio" name="kind" value="${kind}"${kind ? '' : ' checked'}> ${kind ? `${kind === 'Glossary' ? kind : `${kind}s`}` : 'Everything'}</label>`).join('')}</fieldset>`
  // Inside the dialog: the rest of the page says nothing while it is open.
  const status = document.createElement('p')
  status.className = 'found'
  status.setAttribute('role', 'status')
  const results = document.createElement('div')
  results.className = 'results'
  const input = form.querySelector<HTMLInputElement>('input[type=search]')!
  const search = () => void find(input.value.trim(), new FormData(form).get('kind') as string, status, results)
  form.addEventListener('input', search)
  form.addEventListener('submit', event => {
    event.preventDefault()
    results.querySelector('a')?.focus()
  })
  return { form, status, results }
}

let library: Promise<Pagefind> | undefined

async function load(): Promise<Pagefind> {
  const pagefind = await import(new URL(`${root}pagefind/pagefind.js`, location.href).href) as Pagefind
  await pagefind.options({ excerptLength: 24 })
  await pagefind.init()
  return pagefind
}

async function find(query: string, kind: string, status: HTMLElement, results: HTMLElement): Promise<void> {
  const show = (text: string, found: Found[] = []) => {
    status.textContent = text
    const list = document.createElement('ol')
    list.append(...found.map(toItem))
    results.replaceChildren(...found.length > 0 ? [list] : [])
  }
  if (query === '') return show('')
  try {
    const pagefind = await (library ??= load())
    const answer = await pagefind.debouncedSearch(query, kind ? { filters: { kind } } : {}, DELAY)
    // Null: a newer query has taken over.
    if (!answer) return
    const best = await Promise.all(answer.results.slice(0, MOST_RESULTS).map(result => result.data()))
    const found = best.filter(page => hasWords(page, query))
    // The best come first: where some of those do not fit, what follows does not either.
    const count = found.length < best.length ? found.length : answer.results.length
    show(found.length === 0 ? `Nothing found for “${query}”.` : describe(count, found.length), found)
  } catch (error) {
    library = undefined
    show('The search could not be loaded. It is made by npm run build, beside the pages.')
    console.error(error)
  }
}

function describe(count: number, shown: number): string {
  const pages = `${count} ${count === 1 ? 'page' : 'pages'} found`
  return count > shown ? `${pages}. Here are the best ${shown}.` : `${pages}.`
}

/**
 * Whether each word of the query begins a word of the page. For a word that it does not know pagefind
 * takes ever fewer of its letters, and answers "Nagle" with "NaN".
 */
function hasWords({ meta, content }: Found, query: string): boolean {
  const words = wordsOf(`${meta.title} ${content}`)
  return wordsOf(query).every(sought => {
    // Pagefind knows words by their stems: tries and try, running and run.
    const stem = sought.replace(/(?<=\w{3})(ions?|ing|ed|e?s|[ei])$/, '').replace(/(?<=\w{2})(.)\1$/, '$1')
    return words.some(word => word.startsWith(stem))
  })
}

function wordsOf(text: string): string[] {
  const parts = text.replace(/(?<=\p{Ll})(?=\p{Lu})/gu, ' ')
  return `${text} ${parts}`.toLowerCase().replaceAll('y', 'i').match(/[\p{L}\p{N}]+/gu) ?? []
}

function toItem({ raw_url: raw, url, excerpt, meta, filters, sub_results: places }: Found): HTMLElement {
  const item = document.createElement('li')
  const page = linkTo(raw ?? url, meta.title)
  const kind = document.createElement('span')
  kind.className = 'kind'
  // The page of a part is among the lessons too, and says what it is by itself.
  kind.textContent = filters.kind?.includes('Part') ? 'Part' : filters.kind?.[0] ?? ''
  item.append(page, ' ', kind)
  const inside = url.includes('#') ? [] : places.filter(place => place.url.includes('#')).slice(0, MOST_PLACES)
  if (inside.length === 0) item.append(excerptOf(excerpt))
  for (const place of inside) {
    const line = document.createElement('div')
    line.className = 'place'
    const hash = place.url.slice(place.url.indexOf('#'))
    line.append(linkTo((raw ?? url) + hash, place.title), excerptOf(place.excerpt))
    item.append(line)
  }
  return item
}

function linkTo(path: string, text: string): HTMLAnchorElement {
  const link = document.createElement('a')
  link.href = root + path.replace(/^\//, '')
  link.textContent = text
  return link
}

/** Pagefind escapes the text and marks what was found with <mark>. */
function excerptOf(text: string): HTMLElement {
  const excerpt = document.createElement('p')
  excerpt.innerHTML = text
  return excerpt
}
