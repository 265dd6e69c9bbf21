import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join, normalize, sep } from 'node:path'
import { pathOf } from './path.ts'
import type { Handler } from './server.ts'

const EVENTS = '/-/events'
const SCRIPT = '/-/preview.js'

/** What a browser that shows a page is told after a build. */
export type News = { written: string[] } | { problem: string }

/** The part of the preview's server that keeps browsers up to date. */
export interface Preview {
  handlers: Handler[]
  /** Tells every open page. A page that opens later hears of a problem too, until it is mended. */
  tell: (news: News) => void
}

/** Serves the pages in `folder` with a script that reloads them, and sends it the news. */
export function createPreview(folder: string): Preview {
  const open = new Set<ServerResponse>()
  let problem: News | undefined
  return {
    handlers: [
      (request, response) => request.url === EVENTS && sendEvents(response, open, problem),
      (request, response) => request.url === SCRIPT && send(response, 'text/javascript', CLIENT),
      (request, response) => sendPage(folder, request, response),
    ],
    tell(news) {
      problem = 'problem' in news ? news : undefined
      for (const response of open) response.write(`data: ${JSON.stringify(news)}\n\n`)
    },
  }
}

function sendEvents(response: ServerResponse, open: Set<ServerResponse>, problem: News | undefined): true {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
  response.write(problem ? `data: ${JSON.stringify(problem)}\n\n` : ': hello\n\n')
  open.add(response)
  response.on('close', () => open.delete(response))
  return true
}

/** A page as it was built, and the script: the files themselves stay those of a build. */
function sendPage(folder: string, request: IncomingMessage, response: ServerResponse): boolean {
  const path = decode(pathOf(request))
  const file = normalize(join(folder, path.endsWith('/') ? `${path}index.html` : path))
  if (!file.endsWith('.html') || !file.startsWith(folder + sep)) return false
  try {
    const page = readFileSync(file, 'utf8')
    return send(response, 'text/html', page.replace('</head>', `<script src="${SCRIPT}" defer></script>\n</head>`))
  } catch {
    // No such page: the server has one that says so.
    return false
  }
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

function send(response: ServerResponse, type: string, text: string): true {
  response.writeHead(200, { 'Content-Type': `${type}; charset=utf-8`, 'Cache-Control': 'no-store' })
  response.end(text)
  return true
}

/**
 * Runs in the page. It reloads when the page itself or what every page shares was written, and shows a
 * problem over the page until it is mended. Connected again after the server was away: reload too.
 */
const CLIENT = `(() => {
  const page = decodeURIComponent(location.pathname).replace(/\\/$/, '/index.html').slice(1)
  const concerns = path => path === page || path.startsWith('assets/')
  let wasOpen = false, box
  const events = new EventSource('${EVENTS}')
  events.onopen = () => { if (wasOpen) location.reload(); wasOpen = true }
  events.onmessage = ({ data }) => {
    const news = JSON.parse(data)
    if (news.problem) return show(news.problem)
    if (box || news.written.some(concerns)) location.reload()
  }
  function show(text) {
    box?.remove()
    box = document.createElement('pre')
    box.className = 'preview-problem'
    box.setAttribute('role', 'alert')
    box.textContent = text
    Object.assign(box.style, {
      position: 'fixed', inset: 'auto 0 0 0', zIndex: 99, margin: 0, padding: '1.25rem 2rem', maxHeight: '60vh', overflow: 'auto',
      whiteSpace: 'pre-wrap', background: '#7a1d10', color: '#fff', borderRadius: 0,
    })
    document.body.append(box)
  }
})()
`
