import { PAGES } from '../address.ts'
import { html } from '../html.ts'
import { renderDocument } from '../layout/document.ts'
import type { Page, Site } from '../site.ts'

/**
 * The page for a wrong address. A host serves it at any depth, so its links begin at the root of the
 * host; a script mends them where the book is not at the root.
 */
export function renderNotFoundPage(site: Site): Page {
  return renderDocument(site, {
    path: PAGES.notFound,
    title: 'Nothing listens here',
    description: 'There is no such page.',
    kind: 'lost',
    base: '/',
    main: html`<header class="opening"><h1>Nothing listens here</h1>
<p class="summary">The address was understood and nobody answered: the book has no such page.</p></header>
<p>The <a href="/${PAGES.cover}">cover</a> has the map of the course, the <a href="/${PAGES.glossary}">glossary</a> its words.</p>
`,
  })
}
