import { link, PAGES } from '../address.ts'
import { MARK } from '../assets/icon.ts'
import { html, raw, type Html } from '../html.ts'
import type { Page, Site } from '../site.ts'
import { HEAD_SCRIPT } from './head-script.ts'

export interface DocumentOptions {
  path: string
  /** The page's own title; the cover has none. */
  title?: string
  description: string
  /** A class for the body: which kind of page this is. */
  kind: 'cover' | 'part' | 'lesson' | 'program' | 'glossary' | 'book' | 'lost'
  main: Html
  /** The course, on the left. */
  course?: Html
  /** The headings of this page, on the right. */
  contents?: Html
  /** What the search calls this page; none keeps it out of the search. */
  search?: 'Lesson' | 'Part' | 'Program'
  /** Where links begin: '' for relative ones. The page for a wrong address is served from anywhere. */
  base?: string
}

/** A whole page round its main part. */
export function renderDocument(site: Site, options: DocumentOptions): Page {
  const { path, title, description, kind, main, course, contents, search, base = '' } = options
  const to = (target: string) => base + link(base === '' ? path : 'x', target)
  const { assets } = site
  const text = html`<!DOCTYPE html>
<html lang="en" data-root="${base === '' ? '../'.repeat(path.split('/').length - 1) : base}">
<head>
<meta charset="utf-8">
<title>${title !== undefined && `${title} · `}Port 12345</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="${description}">
<meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="${to(assets.fonts)}">
<link rel="stylesheet" href="${to(assets.style)}">
<script>${raw(HEAD_SCRIPT)}</script>
<link rel="icon" href="${to(assets.icon)}" type="image/svg+xml">
<script src="${to(assets.script)}" defer></script>
</head>
<body class="${kind}">
<a class="skip-link" href="#main">Skip to the text</a>
${renderBar(to, { course: course !== undefined, contents: contents !== undefined })}
<div class="frame">
${course}<main id="main" tabindex="-1"${search !== undefined && html` data-pagefind-body data-pagefind-filter="kind:${search}"`}>
${main}</main>
${contents}</div>
${renderFoot(to)}
</body>
</html>
`.text
  return { path, text }
}

function renderBar(to: (path: string) => string, has: { course: boolean, contents: boolean }): Html {
  return html`<header class="bar">
<a class="wordmark" href="${to(PAGES.cover)}"><svg viewBox="0 0 32 32" aria-hidden="true">${raw(MARK)}</svg><span>Port <span class="number">12345</span></span></a>
<div class="tools">${has.course && html`
<button class="tool narrow" type="button" popovertarget="course">Course</button>`}${has.contents && html`
<button class="tool narrow contents-tool" type="button" popovertarget="contents">This page</button>`}
<button class="tool needs-js" type="button" data-search aria-keyshortcuts="/ Control+K">Search<span class="keys" aria-hidden="true"> <kbd>/</kbd></span></button>
<label class="tool theme needs-js"><svg viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="6.25" fill="none" stroke="currentColor" stroke-width="1.5"/><path d="M8 1.75a6.25 6.25 0 0 1 0 12.5z" fill="currentColor"/></svg><span class="said">Colours</span><select data-theme-choice><option value="">System</option><option value="light">Light</option><option value="dark">Dark</option></select></label>
</div>
</header>`
}

function renderFoot(to: (path: string) => string): Html {
  return html`<footer class="foot"><nav aria-label="The book">
<a href="${to(PAGES.cover)}">Cover</a> <a href="${to(PAGES.glossary)}">Glossary</a> <a href="${to(PAGES.print)}">The whole book on one page</a>
</nav><p>Text <a href="https://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a>, code MIT.</p></footer>`
}
